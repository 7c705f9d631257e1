"""Live sources of events behind named connections, each as the same resumable stream."""
