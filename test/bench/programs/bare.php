<?php
// A bare script: no message is looked at, nothing is checked, nothing is kept.
file_get_contents('php://input');
$reply = file_get_contents(__DIR__ . '/reply.xml');
header('Content-Type: text/xml; charset=utf-8');
header('Content-Length: ' . strlen($reply));
echo $reply;
