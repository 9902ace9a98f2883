from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import views

app_name = 'posts'
urlpatterns = [
    path('', views.post_list, name='post-list'),
    path('post/create/', views.post_create, name='post-create'),
    path('post/<int:pk>/', views.post_detail, name='post-detail'),
    path('post/<int:pk>/comment/', views.comment_create, name='comment-create'),
    path('login/', LoginView.as_view(template_name='posts/login.html', next_page='/'), name='login'),
    path('logout/', LogoutView.as_view(next_page='/'), name='logout'),
]
