from django.urls import path

from . import views

app_name = "catalog"
urlpatterns = [
    path("", views.ProductList.as_view(), name="products"),
    path("products/<slug:slug>/", views.ProductDetail.as_view(), name="product"),
    path("products/<slug:slug>/add/", views.add_to_basket, name="add"),
    path("basket/", views.show_basket, name="basket"),
    path("order/", views.place_order, name="order"),
]
