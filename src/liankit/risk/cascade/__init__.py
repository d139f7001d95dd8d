"""Who brings down how much: the cascade of Diem et al. (2022), its reference and its kernels."""
