"""What a policy consists of: terms, stages, roles, kinds of letters, requirements, and the regulation made of them.
Uses `platform`; knows neither complaints nor letters.
"""
