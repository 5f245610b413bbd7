# Like the web.py program that this project began as, run as plain CGI.
import hashlib
import os
import time
from xml.etree import ElementTree

import web

urls = ("/.*", "Weixin")

REPLY = """<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName>\
<CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content></xml>"""


def signed(data):
    parts = sorted([os.environ["WEIXIN_TOKEN"], data.timestamp, data.nonce])
    return hashlib.sha1("".join(parts).encode()).hexdigest() == data.signature


class Weixin:
    def GET(self):
        data = web.input()
        return data.echostr if signed(data) else "wrong signature"

    def POST(self):
        message = ElementTree.fromstring(web.data())
        if not signed(web.input(_method="get")):
            return "wrong signature"
        text = {element.tag: element.text for element in message}
        web.header("Content-Type", "text/xml; charset=utf-8")
        return REPLY % (text["FromUserName"], text["ToUserName"], int(time.time()), text["Content"])


if __name__ == "__main__":
    web.application(urls, globals()).cgirun()
