"""Plain HTTP to this machine."""

import urllib.request

# The opener that urllib itself comes with asks the environment, and on some systems the settings, for a proxy.
urlopen = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
