"""What happens in time: a step, an epoch, a stop, going on."""
