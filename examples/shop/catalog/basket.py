"""The basket: product keys and quantities in the session."""

from .models import Product

SESSION_KEY = "basket"


def add(session, product):
    basket = session.get(SESSION_KEY, {})
    key = str(product.pk)
    basket[key] = basket.get(key, 0) + 1
    session[SESSION_KEY] = basket


def count(session):
    return sum(session.get(SESSION_KEY, {}).values())


def lines(session):
    basket = session.get(SESSION_KEY, {})
    products = Product.objects.filter(pk__in=basket, for_sale=True)
    return [(product, basket[str(product.pk)]) for product in products]


def clear(session):
    session.pop(SESSION_KEY, None)
