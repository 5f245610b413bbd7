import type { EndpointTable } from '../endpoint.ts'

const voice = { voice_id: 'string', lang: 'one of zh_CN|en_US' } as const

/** "AI": speech to text, translation, understanding. */
export const ai = {
  // mp3, 16 kHz, mono, at most 60 seconds; then ask for voiceText within ten seconds.
  addVoice: {
    call: 'POST /cgi-bin/media/voice/addvoicetorecofortext?format&voice_id&lang',
    accounts: 'any',
    params: { format: 'always mp3', ...voice, media: 'file <= 1 MB' },
  },
  voiceText: {
    call: 'POST /cgi-bin/media/voice/queryrecoresultfortext?voice_id&lang',
    accounts: 'any',
    repeatable: true,
    params: voice,
    result: { 'result?': 'string', 'is_end?': 'boolean' },
  },
  translate: {
    call: 'POST /cgi-bin/media/voice/translatecontent?lfrom&lto',
    accounts: 'any',
    repeatable: true,
    sends: 'text',
    params: { lfrom: 'one of zh_CN|en_US', lto: 'one of zh_CN|en_US', content: 'string <= 600 bytes' },
    result: { from_content: 'string', to_content: 'string' },
  },
  semantic: {
    call: 'POST /semantic/semproxy/search',
    accounts: 'retired',
    params: {
      appid: 'our AppID',
      query: 'string',
      category: 'string',
      'latitude?': 'number',
      'longitude?': 'number',
      'city?': 'string',
      'region?': 'string',
      'uid?': 'string',
    },
    result: { query: 'string', 'type?': 'string', 'semantic?': 'json' },
  },
} as const satisfies EndpointTable
