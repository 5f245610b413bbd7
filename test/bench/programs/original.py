# Like the web.py program that this project began as, run as plain CGI. Nearly all the published ones of its kind have the
# same beginning: lxml reads the message, urllib and json are there for what is to be asked elsewhere, and the reply is a
# file among the templates of web.py.
import hashlib
import json
import os
import time
import urllib.request

import web
from lxml import etree

urls = ("/.*", "Weixin")


def signed(data):
    parts = sorted([os.environ["WEIXIN_TOKEN"], data.timestamp, data.nonce])
    return hashlib.sha1("".join(parts).encode()).hexdigest() == data.signature


class Weixin:
    def __init__(self):
        directory = os.path.dirname(os.path.abspath(__file__))
        self.render = web.template.render(os.path.join(directory, "templates"))

    def GET(self):
        data = web.input()
        return data.echostr if signed(data) else "wrong signature"

    def POST(self):
        message = etree.fromstring(web.data())
        if not signed(web.input(_method="get")):
            return "wrong signature"
        text = {element.tag: element.text for element in message}
        return self.render.reply_text(text["FromUserName"], text["ToUserName"], int(time.time()), text["Content"])


if __name__ == "__main__":
    web.application(urls, globals()).cgirun()
