import type { EndpointTable } from '../endpoint.ts'

/** "Temporary material", kept for three days, and the pictures inside articles. */
export const media = {
  upload: {
    call: 'POST /cgi-bin/media/upload?type',
    accounts: 'any',
    perDay: 100_000,
    params: {
      'type|': {
        image: { media: 'file <= 10 MB' },
        voice: { media: 'file <= 2 MB' },
        video: { media: 'file <= 10 MB' },
        thumb: { media: 'file <= 64 KB' },
      },
    },
    // A thumb has its id in thumb_media_id.
    result: { type: 'string', 'media_id?': 'string', 'thumb_media_id?': 'string', created_at: 'integer' },
  },
  // A video comes as an address.
  get: {
    call: 'GET /cgi-bin/media/get',
    accounts: 'any',
    perDay: 200_000,
    download: true,
    params: { media_id: 'string' },
    result: { video_url: 'string' },
  },
  // A voice that was recorded with the JS-SDK, at 16 kHz.
  getHighQuality: {
    call: 'GET /cgi-bin/media/get/jssdk',
    accounts: 'verified',
    download: true,
    params: { media_id: 'string' },
  },
  // For the text of articles; not in the material library.
  uploadImage: {
    call: 'POST /cgi-bin/media/uploadimg',
    accounts: 'any',
    params: { media: 'file <= 1 MB' },
    result: { url: 'string' },
  },
} as const satisfies EndpointTable
