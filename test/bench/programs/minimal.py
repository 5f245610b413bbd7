# The least that answers a text message properly: signature, XML, reply.
import hashlib
import os
import sys
import time
from urllib.parse import parse_qs
from xml.etree import ElementTree

query = {name: values[0] for name, values in parse_qs(os.environ["QUERY_STRING"]).items()}
parts = sorted([os.environ["WEIXIN_TOKEN"], query["timestamp"], query["nonce"]])
if hashlib.sha1("".join(parts).encode()).hexdigest() != query["signature"]:
    sys.exit("wrong signature")
message = ElementTree.fromstring(sys.stdin.buffer.read(int(os.environ["CONTENT_LENGTH"])))
text = {element.tag: element.text for element in message}
reply = (
    f"<xml><ToUserName><![CDATA[{text['FromUserName']}]]></ToUserName>"
    f"<FromUserName><![CDATA[{text['ToUserName']}]]></FromUserName><CreateTime>{int(time.time())}</CreateTime>"
    f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text['Content']}]]></Content></xml>"
).encode()
sys.stdout.buffer.write(b"Content-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(reply) + reply)
