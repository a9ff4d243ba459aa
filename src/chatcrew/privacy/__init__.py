"""Privacy: find what identifies people in text, put placeholders for it, and put it back."""

from chatcrew.privacy._detect import ALL, detect
from chatcrew.privacy._documents import ceps, cnpjs, cpfs, is_cnpj, is_cpf
from chatcrew.privacy._flat import Flat
from chatcrew.privacy._found import Found
from chatcrew.privacy._keys_read import BadKeys, keyring, new_key
from chatcrew.privacy._mask import Masker, Value, Vault, mask, restore, values
from chatcrew.privacy._phones import phones
from chatcrew.privacy._pix import codes, random_keys
from chatcrew.privacy._policy import Policy, veil
from chatcrew.privacy._seal import Keyring, Unsealable, about_of, key_of, walked
from chatcrew.privacy._span import KINDS, Span

__all__ = [
    "ALL",
    "KINDS",
    "BadKeys",
    "Flat",
    "Found",
    "Keyring",
    "Masker",
    "Policy",
    "Span",
    "Unsealable",
    "Value",
    "Vault",
    "about_of",
    "ceps",
    "cnpjs",
    "codes",
    "cpfs",
    "detect",
    "is_cnpj",
    "is_cpf",
    "key_of",
    "keyring",
    "mask",
    "new_key",
    "phones",
    "random_keys",
    "restore",
    "values",
    "veil",
    "walked",
]
