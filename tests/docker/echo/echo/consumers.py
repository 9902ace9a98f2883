from channels.generic.websocket import AsyncWebsocketConsumer


class Echo(AsyncWebsocketConsumer):
    """Answers each message with the same text, and the scheme and address that the proxy told of."""

    async def receive(self, text_data=None, bytes_data=None):
        headers = dict(self.scope["headers"])
        scheme = headers.get(b"x-forwarded-proto", b"none").decode()
        await self.send(text_data=f"{text_data} over {scheme}")
