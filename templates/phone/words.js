/** @typedef {import('../../src/errors.ts').Bilingual} Bilingual */

const WORDS = {
  appTitle: { en: 'WeChat phone', zh: '微信模拟手机' },
  account: { en: 'Official account', zh: '公众号' },
  target: { en: 'Trying', zh: '正在测试' },
  switchLanguage: { en: '中文', zh: 'English' },
  actAs: { en: 'Act as', zh: '当前用户' },
  addFollower: { en: 'New follower', zh: '新增用户' },
  followed: { en: 'following', zh: '已关注' },
  notFollowed: { en: 'not following', zh: '未关注' },
  phone: { en: 'Phone', zh: '手机' },
  bench: { en: 'Exchange', zh: '收发过程' },
  view: { en: 'View', zh: '视图' },
  gone: {
    en: 'Disconnected: the program that serves this page has ended. Start it again and open its new address.',
    zh: '连接已断开：提供本页面的程序已经结束。请重新启动，并打开它给出的新地址。',
  },
  refused: { en: 'Not possible', zh: '无法执行' },

  chat: { en: 'Chat', zh: '聊天' },
  typing: { en: 'Typing…', zh: '对方正在输入…' },
  you: { en: 'You', zh: '你' },
  showExchange: { en: 'Show this exchange', zh: '查看这次收发' },
  sending: { en: 'Waiting for the answer', zh: '等待回复' },
  customMessage: { en: 'customer-service message', zh: '客服消息' },
  mediaUnknown: { en: 'not on this machine', zh: '本机没有该素材' },

  message: { en: 'Message', zh: '消息' },
  send: { en: 'Send', zh: '发送' },
  emoji: { en: 'Emoji', zh: '表情' },
  more: { en: 'More to send', zh: '更多功能' },
  toMenu: { en: 'Show the menu', zh: '切换到菜单' },
  toKeyboard: { en: 'Write a message', zh: '切换到键盘' },
  toVoice: { en: 'Speak', zh: '切换到语音' },
  holdToTalk: { en: 'Hold to talk', zh: '按住 说话' },
  releaseToSend: { en: 'Release to send', zh: '松开 发送' },
  picture: { en: 'Picture', zh: '图片' },
  voice: { en: 'Voice', zh: '语音' },
  video: { en: 'Video', zh: '视频' },
  shortvideo: { en: 'Short video', zh: '小视频' },
  location: { en: 'Location', zh: '位置' },
  link: { en: 'Link', zh: '链接' },
  scan: { en: 'Scan', zh: '扫一扫' },
  music: { en: 'Music', zh: '音乐' },
  menu: { en: 'Menu', zh: '公众号菜单' },
  play: { en: 'Play', zh: '播放' },
  seconds: { en: 'seconds', zh: '秒' },

  close: { en: 'Close', zh: '关闭' },
  choosePicture: { en: 'Choose a picture', zh: '选择图片' },
  samplePicture: { en: 'Sample picture', zh: '示例图片' },
  sampleVideo: { en: 'Send a sample without a film', zh: '发送示例（无实际内容）' },
  fromComputer: { en: 'From this computer…', zh: '从本机选择…' },
  latitude: { en: 'Latitude', zh: '纬度' },
  longitude: { en: 'Longitude', zh: '经度' },
  place: { en: 'Place', zh: '地点' },
  sendLocation: { en: 'Send location', zh: '发送位置' },
  reportLocation: { en: 'Report position (LOCATION)', zh: '上报地理位置（LOCATION）' },
  sendLink: { en: 'Send link', zh: '发送链接' },
  title: { en: 'Title', zh: '标题' },
  description: { en: 'Description', zh: '描述' },
  address: { en: 'Address', zh: '网址' },
  sampleTitle: { en: 'Weaving with bamboo', zh: '竹编入门' },
  sampleDescription: { en: 'It begins with the knife', zh: '从劈篾开始' },
  scanTitle: { en: 'Scan a QR code', zh: '扫描二维码' },
  scene: { en: 'Scene of the QR code', zh: '二维码的场景值' },
  scanResult: { en: 'What the code says', zh: '码中的内容' },
  qrcode: { en: 'QR code', zh: '二维码' },
  barcode: { en: 'Bar code', zh: '条形码' },
  madeByAccount: { en: 'Made by the account', zh: '公众号生成的二维码' },
  webPage: { en: 'WeChat opens this page', zh: '微信将打开网页' },
  openPage: { en: 'Open in a new tab', zh: '在新标签页打开' },
  miniProgram: { en: 'WeChat opens a mini program', zh: '微信将打开小程序' },
  receiving: { en: 'Receiving the message…', zh: '消息接收中…' },

  profile: { en: 'About this account', zh: '公众号资料' },
  follow: { en: 'Follow', zh: '关注公众号' },
  unfollow: { en: 'Unfollow', zh: '取消关注' },
  profileText: {
    en: 'A phone of your own: what you do here is signed and sent as WeChat would, and nothing leaves this machine.',
    zh: '这是一部属于你的手机：你的操作会按微信的方式签名并发送，一切都不会离开这台电脑。',
  },

  controls: { en: 'Platform', zh: '微信平台' },
  mode: { en: 'Encryption', zh: '消息加解密方式' },
  plain: { en: 'Plain', zh: '明文' },
  compatible: { en: 'Compatible', zh: '兼容' },
  safe: { en: 'Safe', zh: '安全' },
  accessCheck: { en: 'Check URL and Token', zh: '校验 URL 和 Token' },
  trouble: { en: 'The last message again, with', zh: '重发上一条，并制造' },
  'slow-network': { en: 'slow network', zh: '网络缓慢' },
  'wrong-signature': { en: 'wrong signature', zh: '签名错误' },
  replay: { en: 'old replay', zh: '旧请求重放' },
  duplicate: { en: 'duplicate', zh: '重复推送' },
  garbage: { en: 'garbage', zh: '乱码内容' },
  apiErrors: { en: 'The API answers with', zh: '接口返回' },
  apiWorks: { en: 'success', zh: '正常' },
  apiOnce: { en: 'once', zh: '一次' },
  apiAlways: { en: 'until switched off', zh: '直到关闭' },
  howOften: { en: 'How often', zh: '次数' },
  stall: { en: 'no answer (stalls)', zh: '不响应（卡住）' },
  40001: { en: '40001 invalid token', zh: '40001 凭证无效' },
  42001: { en: '42001 token expired', zh: '42001 凭证过期' },
  45009: { en: '45009 quota used up', zh: '45009 调用超限' },
  '-1': { en: '-1 system busy', zh: '-1 系统繁忙' },
  40164: { en: '40164 IP not allowed', zh: '40164 IP 不在白名单' },

  exchanges: { en: 'Messages', zh: '消息' },
  calls: { en: 'API calls', zh: '接口调用' },
  noExchange: {
    en: 'Write something on the phone: every request and answer appears here as it goes over the wire.',
    zh: '在手机上发点什么：每个请求和回复都会原样显示在这里。',
  },
  noCalls: {
    en: 'No call yet. Whatever your responder asks of the API appears here.',
    zh: '还没有调用。你的服务调用微信接口时会显示在这里。',
  },
  running: { en: 'waiting', zh: '等待中' },
  answered: { en: 'answered', zh: '已回复' },
  silent: { en: 'no reply', zh: '不回复' },
  failed: { en: 'failed', zh: '失败' },
  passed: { en: 'passed', zh: '校验通过' },
  keptOut: { en: 'kept out', zh: '已拒绝' },
  letIn: { en: 'let in', zh: '未拒绝' },
  byStranger: { en: 'From a stranger', zh: '来自陌生人的请求' },
  delivery: { en: 'Delivery', zh: '第' },
  deliveryEnd: { en: '', zh: '次推送' },
  ofFiveSeconds: { en: 'of 5 seconds', zh: '，上限 5 秒' },
  request: { en: 'Request', zh: '请求' },
  sameRequest: { en: 'The same as in the first delivery, signature and all', zh: '与第 1 次推送完全相同，包括签名' },
  response: { en: 'Answer', zh: '响应' },
  noResponse: { en: 'No answer', zh: '没有响应' },
  requestBody: { en: 'Request body', zh: '请求正文' },
  decryptedRequest: { en: 'Message, decrypted', zh: '消息明文' },
  decryptedResponse: { en: 'Reply, decrypted', zh: '回复明文' },
  responseBody: { en: 'Answer body', zh: '响应正文' },
  log: { en: 'What the script logged', zh: '脚本日志' },
  copyCurl: { en: 'Copy as curl', zh: '复制为 curl' },
  copyCgi: { en: 'Copy as CGI command', zh: '复制为 CGI 命令' },
  sendAgain: { en: 'Send as it was', zh: '原样重发' },
  copied: { en: 'Copied', zh: '已复制' },
  saveFixture: { en: 'Save as fixture', zh: '保存为样例' },
  replayFile: { en: 'Replay a recording…', zh: '回放录制文件…' },
  replaying: { en: 'Replaying', zh: '正在回放' },
  body: { en: 'Body', zh: '正文' },
  query: { en: 'Query', zh: '参数' },
}

/** The language of the page: what its address asks for, else what the browser prefers. */
export const language = languageOf(new URLSearchParams(location.search).get('lang') ?? navigator.language)

/** @param {string} locale */
function languageOf(locale) {
  return /^zh/i.test(locale) ? 'zh' : 'en'
}

/** @param {keyof typeof WORDS} key */
export function word(key) {
  return WORDS[key][language]
}

/** @param {Bilingual} text */
export function say(text) {
  return text[language]
}

/** Opens the page again in the other language; what it shows is kept by the server. */
export function switchLanguage() {
  const address = new URL(location.href)
  address.searchParams.set('lang', language === 'zh' ? 'en' : 'zh')
  location.replace(address)
}
