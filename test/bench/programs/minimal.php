<?php
// The least that answers a text message properly: signature, XML, reply.
$parts = [getenv('WEIXIN_TOKEN'), $_GET['timestamp'], $_GET['nonce']];
sort($parts, SORT_STRING);
if (!hash_equals(sha1(implode($parts)), $_GET['signature'])) {
    http_response_code(403);
    exit;
}
// PHP's XML parsers are packages of their own, which are not everywhere.
preg_match_all('~<(\w+)><!\[CDATA\[(.*?)\]\]></\1>~s', file_get_contents('php://input'), $elements);
$message = array_combine($elements[1], $elements[2]);
$reply = "<xml><ToUserName><![CDATA[$message[FromUserName]]]></ToUserName>"
    . "<FromUserName><![CDATA[$message[ToUserName]]]></FromUserName><CreateTime>" . time() . '</CreateTime>'
    . "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[$message[Content]]]></Content></xml>";
header('Content-Type: text/xml; charset=utf-8');
header('Content-Length: ' . strlen($reply));
echo $reply;
