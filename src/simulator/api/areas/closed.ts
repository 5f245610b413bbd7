import { refuse } from '../refusal.ts'
import type { Route, Routes } from '../route.ts'

const closed: Route = { answer: () => refuse(48001) }

/** What no new account may call any more, or only one with a mini program. */
export const closedRoutes: Routes = {
  'POST /cgi-bin/material/add_news': closed,
  'POST /cgi-bin/material/update_news': closed,
  'POST /cgi-bin/shorturl': closed,
  'POST /cgi-bin/wxopen/qrcodejumpadd': closed,
  'POST /cgi-bin/wxopen/qrcodejumpget': closed,
  'POST /cgi-bin/wxopen/qrcodejumppublish': closed,
  'POST /cgi-bin/wxopen/qrcodejumpdelete': closed,
}
