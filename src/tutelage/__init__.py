"""Which way of teaching a network gets the most out of data with few labels?"""
