import { SAMPLE_FOLLOWER } from '../message.ts'
import type { PageAnswer } from './route.ts'

/** Asks who the visitor is and, with the scope `snsapi_userinfo`, whether the page may know name and picture. */
export function consentPage(query: URLSearchParams, openids: readonly string[]): PageAnswer {
  const kept = ['appid', 'redirect_uri', 'response_type', 'scope', 'state']
  const hidden = kept.map(name => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? '')}">`)
  const choices = openids.map(openid => `<option>${escaped(openid)}</option>`).join('')
  const asks =
    query.get('scope') === 'snsapi_userinfo'
      ? '该网页申请获得你的昵称、头像 · This page asks for your name and picture'
      : '该网页将获得你的 OpenID，微信不会询问 · This page learns your OpenID; WeChat would not ask'
  return page(
    200,
    '微信授权 · Authorise',
    `<p>${asks}</p>
<p>${escaped(query.get('redirect_uri') ?? '')}</p>
<form action="agreed">
${hidden.join('\n')}
<label>访问者 · Visitor <input name="visitor" list="followers" value="${escaped(openids[0] ?? SAMPLE_FOLLOWER)}" required></label>
<datalist id="followers">${choices}</datalist>
<p><button>允许 · Allow</button></p>
</form>`,
  )
}

/** What WeChat shows in place of the page. */
export function errorPage(code: number): PageAnswer {
  return page(200, '出错了 · Error', `<p>${MISTAKES[code] ?? ''}</p><p>错误码 · Code ${code}</p>`)
}

const MISTAKES: Readonly<Record<number, string>> = {
  10003: 'redirect_uri 域名与后台配置不一致 · redirect_uri is no address of the registered domain',
  10004: 'state 只能是最多 128 个字母和数字 · state may be up to 128 letters and digits',
  10005: 'response_type 或 scope 参数错误 · response_type or scope is wrong',
  10013: 'appid 参数错误 · appid is wrong',
}

function page(status: number, title: string, body: string): PageAnswer {
  const html = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>body{font:16px/1.6 sans-serif;max-width:26em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5em}button{background:#07823f;color:#fff;border:0;border-radius:.3em}</style>
<h1>${title}</h1>
${body}
</html>
`
  return { page: { status, html } }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
