"""How a model that this mesh trained is described, loaded and asked: checked rows in, predictions out."""
