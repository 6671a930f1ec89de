# What rules use of the package `pycountry`: the countries of ISO 3166-1 by their codes and names. The table is
# `assets/python/countries.txt`. Official and common names, subdivisions, languages and currencies are not here.
_FIELDS = ("alpha_2", "alpha_3", "flag", "name", "numeric")
_ABSENT = ("official_name", "common_name")


class Country:
    def __init__(self, line):
        self.alpha_2, self.alpha_3, self.numeric, self.name = line.split("\t")
        self.flag = "".join(chr(ord(letter) + 0x1F1A5) for letter in self.alpha_2)

    def __getattr__(self, name):
        if name in _ABSENT:
            raise NotImplementedError("pycountry." + name + " is not here")
        raise AttributeError(name)

    def __iter__(self):
        return iter([(name, getattr(self, name)) for name in _FIELDS])

    def __repr__(self):
        shown = [name + "=" + repr(getattr(self, name)) for name in _FIELDS]
        return "Country(" + ", ".join(shown) + ")"


class _Countries:
    _rows = None

    def _all(self):
        if self._rows is None:
            lines = COUNTRIES().splitlines()
            self._rows = [Country(line) for line in lines if not line.startswith("#")]
            self._rows.sort(key=lambda country: country.alpha_3)
        return self._rows

    def __iter__(self):
        return iter(self._all())

    def __len__(self):
        return len(self._all())

    def get(self, *, default=None, **criteria):
        if len(criteria) != 1:
            raise TypeError("Only one criteria may be given")
        ((field, value),) = criteria.items()
        if field in _ABSENT:
            raise NotImplementedError("pycountry." + field + " is not here")
        if not isinstance(value, str):
            raise LookupError()
        if field not in _FIELDS:
            raise KeyError(field)
        wanted = value.lower()
        for country in self._all():
            if getattr(country, field).lower() == wanted:
                return country
        return default

    def lookup(self, value):
        if not isinstance(value, str):
            raise LookupError()
        wanted = value.lower()
        for country in self._all():
            if any(getattr(country, field).lower() == wanted for field in _FIELDS):
                return country
        # It may be one by a name that is not in the table.
        raise NotImplementedError("pycountry knows no official and common names here")

    def search_fuzzy(self, query):
        raise NotImplementedError("pycountry.countries.search_fuzzy is not here")


countries = _Countries()


def __getattr__(name):
    known = (
        "subdivisions", "languages", "currencies", "scripts", "historic_countries",
        "language_families",
    )
    if name in known:
        raise NotImplementedError("pycountry." + name + " is not here")
    raise AttributeError("module 'pycountry' has no attribute '" + name + "'")
