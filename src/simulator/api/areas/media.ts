import type { Account, Material } from '../account.ts'
import type { StoredMedia } from '../fake-api.ts'
import { optionalText, textOf } from '../fields.ts'
import type { Part } from '../multipart.ts'
import { refuse } from '../refusal.ts'
import { type Asked, type FileAnswer, type JsonObject, OK, type Routes } from '../route.ts'

type Kind = StoredMedia['type']

/** "Temporary material" and "permanent material". */
export const mediaRoutes: Routes = {
  'POST /cgi-bin/media/upload': {
    perDay: 100_000,
    form: true,
    answer(asked, account) {
      const file = fileIn(asked, TEMPORARY)
      const id = keepMedia(file, account)
      const created_at = Math.floor(account.now() / 1000)
      return { type: file.type, [file.type === 'thumb' ? 'thumb_media_id' : 'media_id']: id, created_at }
    },
  },
  'GET /cgi-bin/media/get': {
    perDay: 200_000,
    answer({ query, base }, account) {
      const media = mediaOf(query.get('media_id') || refuse(41006), account)
      return media.type === 'video' ? { video_url: pictureUrl(base, media.mediaId) } : fileOf(media)
    },
  },
  'GET /cgi-bin/media/get/jssdk': {
    answer: ({ query }, account) => fileOf(mediaOf(query.get('media_id') || refuse(41006), account)),
  },
  'POST /cgi-bin/media/uploadimg': {
    form: true,
    answer({ form, base }, account) {
      const file = checkedFile(form['media'], 'image', ARTICLE_PICTURE)
      return { url: pictureUrl(base, addMaterial({ ...file, type: 'thumb' }, account).mediaId) }
    },
  },
  'POST /cgi-bin/material/add_material': {
    form: true,
    answer(asked, account) {
      const file = fileIn(asked, PERMANENT)
      const described = file.type === 'video' ? descriptionIn(asked) : undefined
      const { mediaId } = addMaterial(file, account, described)
      return { media_id: mediaId, ...(file.type === 'image' && { url: pictureUrl(asked.base, mediaId) }) }
    },
  },
  'POST /cgi-bin/material/get_material': {
    answer({ body, base }, { material }) {
      const found = material.get(textOf(body, 'media_id', 40007)) ?? refuse(40007)
      if (found.type !== 'video') return fileOf(found)
      const { title, introduction, mediaId } = found
      return { title, description: introduction, down_url: pictureUrl(base, mediaId) }
    },
  },
  'POST /cgi-bin/material/del_material': {
    answer: ({ body }, { material }) => (material.delete(textOf(body, 'media_id', 40007)) ? OK : refuse(40007)),
  },
  'GET /cgi-bin/material/get_materialcount': {
    answer(_, { material }) {
      const count = (kind: Kind) => [...material.values()].filter(({ type }) => type === kind).length
      return { voice_count: count('voice'), video_count: count('video'), image_count: count('image'), news_count: 0 }
    },
  },
  'POST /cgi-bin/material/batchget_material': {
    answer: ({ body, base }, { material }) => page(body, [...material.values()], base),
  },
  // The pictures and videos themselves, which anybody may fetch.
  'GET /mmbiz': {
    token: false,
    answer: ({ query }, account) => fileOf(mediaOf(query.get('id') ?? '', account)),
  },
}

/** Milliseconds. */
const TEMPORARY_LIFE = 3 * 86_400_000
/** Bytes of temporary files in all; the oldest go first. */
const MEMORY = 64 * 1024 * 1024
const MB = 1024 * 1024

interface Limit {
  readonly extensions: readonly string[]
  readonly bytes: number
  /** When it is larger. */
  readonly errcode: number
}

const TEMPORARY: Readonly<Record<Kind, Limit>> = {
  image: { extensions: ['jpg', 'jpeg', 'png', 'gif'], bytes: 10 * MB, errcode: 40009 },
  voice: { extensions: ['mp3', 'amr'], bytes: 2 * MB, errcode: 40010 },
  video: { extensions: ['mp4'], bytes: 10 * MB, errcode: 40011 },
  thumb: { extensions: ['jpg', 'jpeg'], bytes: 64 * 1024, errcode: 40012 },
}
const PERMANENT: typeof TEMPORARY = {
  ...TEMPORARY,
  image: { ...TEMPORARY.image, extensions: [...TEMPORARY.image.extensions, 'bmp'] },
}
const ARTICLE_PICTURE: Limit = { extensions: ['jpg', 'jpeg', 'png'], bytes: MB, errcode: 40009 }

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  mp3: 'audio/mpeg',
  amr: 'audio/amr',
  mp4: 'video/mp4',
}

/**
 * A file by its id, temporary or permanent.
 *
 * @throws {ApiRefusal} 40007 when there is none, or not any more
 */
export function mediaOf(mediaId: string, { media, material, now }: Account): StoredMedia {
  const temporary = media.get(mediaId)
  if (temporary && temporary.created > now() - TEMPORARY_LIFE) return temporary
  return material.get(mediaId) ?? refuse(40007)
}

/** Keeps a file for three days. */
export function keepMedia(file: Omit<StoredMedia, 'mediaId'>, { media, newId, now }: Account): string {
  const mediaId = newId(64)
  media.set(mediaId, { ...file, mediaId, created: now() })
  let bytes = [...media.values()].reduce((sum, each) => sum + each.bytes.length, 0)
  for (const [id, { bytes: old }] of media) {
    if (bytes <= MEMORY) break
    media.delete(id)
    bytes -= old.length
  }
  return mediaId
}

function addMaterial(
  file: Omit<StoredMedia, 'mediaId'>,
  { material, newId, now }: Account,
  { title, introduction } = { title: '', introduction: '' },
): Material {
  const added = { ...file, mediaId: newId(43), updated: Math.floor(now() / 1000), title, introduction }
  material.set(added.mediaId, added)
  return added
}

function fileIn({ query, form, body }: Asked, limits: typeof TEMPORARY): Omit<StoredMedia, 'mediaId'> {
  const type = query.get('type') ?? optionalText(body, 'type')
  if (!isKind(type)) refuse(40004)
  return checkedFile(form['media'], type, limits[type])
}

function isKind(type: string): type is Kind {
  return Object.hasOwn(TEMPORARY, type)
}

function checkedFile(part: Part | undefined, type: Kind, { extensions, bytes, errcode }: Limit) {
  if (!part?.fileName) refuse(41005)
  if (part.bytes.length === 0) refuse(44001)
  const extension = part.fileName.split('.').at(-1)?.toLowerCase() ?? ''
  if (!extensions.includes(extension)) refuse(40005)
  if (part.bytes.length > bytes) refuse(errcode)
  const contentType = CONTENT_TYPES[extension] ?? part.contentType
  return { type, fileName: part.fileName, contentType, bytes: part.bytes }
}

function descriptionIn({ form }: Asked): { title: string; introduction: string } {
  let described: JsonObject
  try {
    described = Object(JSON.parse(form['description']?.bytes.toString() ?? ''))
  } catch {
    refuse(47001)
  }
  return { title: textOf(described, 'title', 40035), introduction: optionalText(described, 'introduction') }
}

function fileOf({ contentType, bytes, mediaId, fileName }: StoredMedia): FileAnswer {
  return { file: { contentType, bytes, fileName: `${mediaId}.${fileName.split('.').at(-1)}` } }
}

function page(body: JsonObject, material: readonly Material[], base: string): JsonObject {
  const { type, offset, count } = body
  if (!['image', 'voice', 'video', 'news'].includes(String(type))) refuse(40004)
  if (typeof offset !== 'number' || typeof count !== 'number' || count < 1 || count > 20) refuse(40035)
  const all = material.filter(each => each.type === type).reverse()
  const item = all.slice(offset, offset + count).map(({ mediaId, fileName, title, updated }) => ({
    media_id: mediaId,
    name: title || fileName,
    update_time: updated,
    ...(type === 'image' && { url: pictureUrl(base, mediaId) }),
  }))
  return { total_count: all.length, item_count: item.length, item }
}

function pictureUrl(base: string, mediaId: string): string {
  return `${base}/mmbiz?id=${mediaId}`
}
