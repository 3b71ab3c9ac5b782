"""The pages of the advisor, one file an idea; advisor.urls names them."""
