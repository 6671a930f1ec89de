# asks: {}
from somewhere import rule
