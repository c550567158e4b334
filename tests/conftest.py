from hypothesis import settings

# How long an example takes says more of the machine than of the code; time is for `make bench`.
settings.register_profile("antipodes", deadline=None)
settings.load_profile("antipodes")
