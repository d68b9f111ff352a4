"""What judges any way of teaching: arrays and abilities in, numbers out."""
