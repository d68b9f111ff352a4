"""What a user can put right, told in one line."""


class Mistake(Exception):
    """Stops a stage without a traceback; its text names the thing and the way out."""
