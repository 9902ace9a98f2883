from . import basket as baskets


def basket(request):
    return {"basket_count": baskets.count(request.session)}
