from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from . import basket
from .models import Order, OrderLine, Product


class ProductList(ListView):
    queryset = Product.objects.filter(for_sale=True)
    context_object_name = "products"


class ProductDetail(DetailView):
    queryset = Product.objects.filter(for_sale=True)


@require_POST
def add_to_basket(request, slug):
    basket.add(request.session, get_object_or_404(Product, slug=slug, for_sale=True))
    return redirect("catalog:basket")


def show_basket(request):
    lines = basket.lines(request.session)
    total = sum(product.price * quantity for product, quantity in lines)
    return render(request, "catalog/basket.html", {"lines": lines, "total": total})


@login_required
@require_POST
def place_order(request):
    lines = basket.lines(request.session)
    if not lines:
        return redirect("catalog:basket")
    order = Order.objects.create(customer=request.user)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product=product, quantity=quantity, unit_price=product.price)
        for product, quantity in lines
    )
    basket.clear(request.session)
    return render(request, "catalog/ordered.html", {"order": order})
