"""Real-time: event-time windows over a stream, with watermark, late events, drift and anomaly alerts."""
