import { decodeAesKey } from '../../src/crypto/cipher.ts'

/** An account that exists in these tests only, and messages encrypted for it with OpenSSL. */
export const TOKEN = 'kapokTree2031'
export const APP_ID = 'wx00d1e2f3a4b5c6d7'
export const ENCODING_AES_KEY = 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00'
export const KEY = decodeAesKey(ENCODING_AES_KEY)
export const CREDENTIALS = { tokens: [TOKEN], aesKeys: [KEY], appId: APP_ID }

export const MESSAGE = {
  random: '0123456789abcdef',
  xml: '<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><FromUserName><![CDATA[oQ7xExampleFan0001]]></FromUserName><CreateTime>1893456000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[木棉 🌳]]></Content><MsgId>24876543210987654</MsgId></xml>',
  timestamp: '1893456000',
  nonce: '772019364',
  msgSignature: 'b3bcc53a7843b33490105662a89253ac33e1160b',
  encrypt:
    'o0ePvMTT3c38VU1wH04Bz91y8MkfcHQTvSYCSkRN+uSUrjIS55ldOulnXQcgnlHCOOcHFCH2b1Wb+kTI868vyBEU0h2CUK5IePCIJe3eZMGGBniuqMxzkFZIKJzQkE2nlaDmg8hcfismqlFmOyAI0cevEl/Yv4ShQbk/mtaZnWZTPXKmP3YXG93XOZZ33aznUZR59xVG0oOCi7UKZv8KxvoGc36KAO/5Gk3bcDV1XEFqg53UqWUqZeC+ImfaDm3XVDU4D/vcKp4Wag1BGuXpTJ85u/tpsCDrECLEt841jDCoCGVAZ2nOkdG+3FWIyKNaTsNuKpqvpr9qh5/4gUCL4KCpO4njh+ahCdJT2CSCvRELWtTDPZ9Tr/2W/uZ3ImzhxZpVYw4nEbsEof43tLXppzEMlGXnSoRx54EVBvoMEMM=',
}

/** Its length is a multiple of 32 before padding, so that it has a whole block of padding more. */
export const FULL_BLOCK = {
  random: 'fedcba9876543210',
  xml: '<xml><Content>aaaaaaaaaaaaaaaaaaaaaaaaaaaa</Content></xml>',
  timestamp: '1893456001',
  nonce: '55',
  msgSignature: '92ef610bfdf4a09bd097c8e6ac75fed493aec8fe',
  encrypt:
    '0fR9JdjCUuo7VHsyM1mlHekbOZ4Ffs5VIwgf/1ftNRHuRiWkpG2HzWLKWL2p4Q3mR9BbfBIRjcdmtcNB2noX27tMP5tBWN0ynRrnrv5RIHm/Ue6YmtFGyvaHsy+0qBJK224OB3bX+BObgKESErX8fqQuzGZ+7ZIoNo5QECoCnlw=',
}

export const REPLY = {
  random: 'ABCDEFGHIJKLMNOP',
  xml: '<xml><ToUserName><![CDATA[oQ7xExampleFan0001]]></ToUserName><FromUserName><![CDATA[gh_a0b1c2d3e4f5]]></FromUserName><CreateTime>1893456002</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[ok]]></Content></xml>',
  timestamp: '1893456002',
  nonce: '772019364',
  msgSignature: 'b3a1a85e48ed490d8496cba21304174f761ac71d',
  encrypt:
    'UsnXImhKt7W69Ir1J7xz0Jer2bH6Ndgc2RyYfqQHk2uMdfZ1/NYNldy4BBJfMiTCPJMXoo3W4k8OqvcHR9gM5pcsIyW8uuzwJ0A4bI5kICBfKXM4H6gSTQpuvDP9WtQ6XvKht/wKdBbHhVmGKKMrKRSZXXmM407Wl7IPXYPOpPJ1FIytb9rwkWCJpm0o9yR1UA0xOUO/vBlC1u35Ab50dv0im/ecerWmuzsWm2oZYJ1zZvHe+zAjDAFejoOTFgb2FVyuEE8a1gFiVeqyyNHYLDaZyR/UqECicea6G6neEE1mvwL6jwL0HelmLpVhb+WrFpyqoaXDg+XsNCZ4QH3wB83q6jvmBHNqIJXFf1TwLs2AkOIOSi3I5kk4b+rlNC/J',
}

/** Rightly signed, but for AppID wxffffffffffffffff. */
export const FOREIGN = {
  random: '0123456789abcdef',
  xml: 'x',
  timestamp: '1893456000',
  nonce: '772019364',
  msgSignature: '9030b8e0754be8616b7afbd6b2ab260d46730270',
  encrypt: 'o0ePvMTT3c38VU1wH04Bz7iev30qzrD+XwpIX1SQ2LQBoXNgUpXY+GNOSvFgvl7uTT6P/WCSa2PFcEstLAEhYg==',
}

export const EMPTY = {
  random: '0123456789abcdef',
  xml: '',
  timestamp: '1893456000',
  nonce: '772019364',
  msgSignature: 'f7051b6850b6317deb317f5065ea56353ab9539a',
  encrypt: 'o0ePvMTT3c38VU1wH04BzzchtGpEyPGuyYQlyteQqnmEl5b6w3XOmdVUSj5VTHEjx1bNdSqj9DQOm9tzlACfYQ==',
}

/** The reply of the page "message encryption": Token AAAAA, EncodingAESKey 43 times A. */
export const PUBLISHED = {
  token: 'AAAAA',
  key: decodeAesKey('A'.repeat(43)),
  appId: 'wxba5fad812f8e6fb9',
  random: '707722b803182950',
  xml: '{"demo_resp":"good luck"}',
  timestamp: '1713424427',
  nonce: '415670741',
  msgSignature: '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
  encrypt: 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
}

/** Those 16 bytes instead of random ones. */
export function fixed(bytes: string): () => Buffer {
  return () => Buffer.from(bytes)
}
