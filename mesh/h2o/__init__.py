"""The H2O cluster of a service: its JVM, how to reach it, and a connection to it."""
