"""What a trained model does on rows it has not seen: importance, dependence, errors, probabilities, fairness."""
