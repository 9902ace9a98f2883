from django.conf import settings
from django.db import models
from django.urls import reverse


class Post(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name='작성자', on_delete=models.CASCADE)
    title = models.CharField('제목', max_length=100)
    content = models.TextField('내용')
    photo = models.ImageField('사진', upload_to='post', blank=True)
    created_at = models.DateTimeField('작성일', auto_now_add=True)

    class Meta:
        ordering = ['-pk']
        verbose_name = '글'
        verbose_name_plural = '글 목록'

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse('posts:post-detail', args=[self.pk])


class Comment(models.Model):
    post = models.ForeignKey(Post, verbose_name='글', on_delete=models.CASCADE, related_name='comments')
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name='작성자', on_delete=models.CASCADE)
    content = models.CharField('내용', max_length=300)
    created_at = models.DateTimeField('작성일', auto_now_add=True)

    class Meta:
        ordering = ['pk']
        verbose_name = '댓글'
        verbose_name_plural = '댓글 목록'

    def __str__(self):
        return f'{self.author}: {self.content}'
