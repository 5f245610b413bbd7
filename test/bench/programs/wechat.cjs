// npm `wechat` behind Express, as its own README has it; both are installed in the folder that this runs in.
const { createRequire } = require('node:module')
const local = createRequire(`${process.cwd()}/`)
const express = local('express')
const wechat = local('wechat')

const app = express()
app.use(
  '/',
  wechat(process.env['WEIXIN_TOKEN'], (/** @type {any} */ request, /** @type {any} */ response) => {
    response.reply(request.weixin.Content)
  }),
)
app.listen(Number(process.argv[2]), '127.0.0.1')
