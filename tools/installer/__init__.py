"""Set the project up inside the checkout: Python environment, packages, front-end assets, translations."""
