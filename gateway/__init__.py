"""The gateway: the one address of the mesh for people, programs and other agents."""
