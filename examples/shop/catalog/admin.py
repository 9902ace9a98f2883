from django.contrib import admin

from .models import Order, OrderLine, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "price", "for_sale"]
    list_filter = ["for_sale"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "description"]


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    inlines = [OrderLineInline]
    list_display = ["__str__", "customer", "placed_at"]
