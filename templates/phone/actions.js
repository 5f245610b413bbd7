import { ask, upload } from './server.js'
import { toast } from './toast.js'
import { word } from './words.js'

/** @typedef {import('./state.js').PhoneState} PhoneState */

/**
 * Does something that the server may refuse, and says so when it does.
 *
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result | undefined>}
 */
export async function attempt(work) {
  try {
    return await work()
  } catch (error) {
    toast(`${word('refused')}: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

/**
 * What the follower whom the phone acts as can do.
 *
 * @param {PhoneState} state
 */
export function followerActions(state) {
  /**
   * @param {string} action
   * @param {object} [details]
   */
  const act = (action, details) => attempt(() => ask(action, { openid: state.openid, ...details }))
  return {
    /** @param {string} content @param {string} [menuId] */
    text: (content, menuId) => act('send', { type: 'text', content, ...(menuId && { menuId }) }),
    /** @param {'image' | 'video' | 'shortvideo'} type @param {Blob} [blob] without one, a media id that nobody holds */
    file: (type, blob) =>
      attempt(async () => {
        const media = blob && (await upload(type === 'image' ? 'image' : 'video', blob))
        await ask('send', { openid: state.openid, type, mediaId: media?.mediaId ?? `sample-${type}` })
      }),
    /** @param {Blob} blob @param {number} seconds */
    voice: (blob, seconds) =>
      attempt(async () => {
        const { mediaId } = await upload('voice', blob)
        await ask('send', { openid: state.openid, type: 'voice', mediaId, seconds })
      }),
    /** @param {{ latitude: string, longitude: string, label: string }} place */
    location: place => act('send', { type: 'location', ...place }),
    /** @param {{ title: string, description: string, url: string }} link */
    link: link => act('send', { type: 'link', ...link }),
    follow: () => act('follow'),
    unfollow: () => act('unfollow'),
    /** @param {string} scene */
    scan: scene => act('scan', { scene }),
    /** @param {{ latitude: string, longitude: string }} position */
    report: position => act('report-location', position),
    /** @param {readonly number[]} path @param {object} [given] */
    menu: (path, given) => act('menu', { path, ...given }),
  }
}

/** @typedef {ReturnType<typeof followerActions>} FollowerActions */
