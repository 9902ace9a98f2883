from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = '관리자 계정이 없으면 만든다.'

    def handle(self, *args, **options):
        User = get_user_model()
        if User.objects.filter(username=settings.SUPERUSER_USERNAME).exists():
            self.stdout.write('관리자 계정이 이미 있습니다.')
            return
        User.objects.create_superuser(
            username=settings.SUPERUSER_USERNAME,
            email=settings.SUPERUSER_EMAIL,
            password=settings.SUPERUSER_PASSWORD,
        )
        self.stdout.write('관리자 계정을 만들었습니다.')
