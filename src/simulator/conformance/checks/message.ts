import type { Check } from '../check.ts'
import { Finding, findingAbout } from '../finding.ts'
import { unexpected } from '../judge.ts'
import type { Player } from '../player.ts'

const TAKEN = {
  en: 'WeChat takes nothing but status 200 with a reply, success or nothing; anything else is an error line for the follower',
  zh: '微信只接受状态 200 加上回复、success 或空串；否则用户看到“该公众号提供的服务出现故障”',
}

/** Everything that followers send ("Standard messages") and do ("Events"). */
export const messageChecks: readonly Check[] = [
  {
    name: 'message-text',
    severity: 'must',
    title: { en: 'a text is taken', zh: '文本消息被正常接收' },
    why: TAKEN,
    run: player => askAll(player, [['text', ['你好']]]),
  },
  {
    name: 'message-media',
    severity: 'must',
    title: { en: 'image, voice, video and short video are taken', zh: '图片、语音、视频、小视频被正常接收' },
    why: TAKEN,
    run: player => askAll(player, [['image'], ['voice'], ['video'], ['shortvideo']]),
  },
  {
    name: 'message-place-link',
    severity: 'must',
    title: { en: 'location and link are taken', zh: '地理位置和链接被正常接收' },
    why: TAKEN,
    run: player => askAll(player, [['location'], ['link']]),
  },
  {
    name: 'message-unknown',
    severity: 'must',
    title: { en: 'a type that does not exist yet is taken', zh: '尚不存在的消息类型也被正常接收' },
    why: {
      en: 'WeChat adds types without notice, such as file; whoever fails on them shows followers an error line',
      zh: '微信会悄悄增加类型（例如 file）；处理不了就会让用户看到故障提示',
    },
    run: player =>
      askAll(player, [
        ['text', [], { MsgType: 'file', Title: '名单.xlsx', FileKey: 'k', FileTotalLen: '9318' }],
        ['text', [], { MsgType: 'hologram' }],
      ]),
  },
  {
    name: 'message-shape',
    severity: 'must',
    title: {
      en: 'order, blanks, empty and new elements do not matter',
      zh: '元素顺序、空白、空元素和新元素都不影响接收',
    },
    why: {
      en: 'WeChat promises no order, wraps numbers in CDATA at times, and adds elements without notice',
      zh: '微信不保证元素顺序，有时用 CDATA 包住数字，也会悄悄增加元素',
    },
    async run(player) {
      const { xml, from } = player.compose(
        'text',
        ['你好'],
        { MsgDataId: '2247483650_1', Idx: '1', Novelty: '' },
        '<Bare/>',
      )
      const turned = (xml.slice('<xml>'.length, -'</xml>'.length).match(ELEMENT) ?? []).reverse().join('\n  ')
      const wrapped = turned.replace(/<CreateTime>(\d+)</, '<CreateTime><![CDATA[$1]]><')
      await player.ask({ xml: `<xml>\n  ${wrapped}\n</xml>`, from })
    },
  },
  {
    name: 'message-openid',
    severity: 'must',
    modes: ['plain'],
    title: { en: 'the parameter openid may be missing', zh: '可以没有 openid 参数' },
    why: {
      en: "the documentation's own sample of plain mode leaves it out",
      zh: '官方文档的明文模式示例就没有这个参数',
    },
    async run(player) {
      const answer = await player.post(player.sign(), player.compose('text').xml)
      if (answer.status !== 200) throw unexpected(answer)
    },
  },
  {
    name: 'event-follow',
    severity: 'must',
    title: { en: 'following, scanning and leaving are taken', zh: '关注、扫码、取消关注事件被正常接收' },
    why: TAKEN,
    run: player =>
      askAll(player, [
        ['event:subscribe'],
        ['event:subscribe', ['qrscene_booth-17'], { Ticket: 'gQExampleTicket0' }],
        ['event:SCAN', ['booth-17'], { Ticket: 'gQExampleTicket0' }],
        ['event:unsubscribe'],
      ]),
  },
  {
    name: 'event-menu',
    severity: 'must',
    title: { en: 'every tap on the menu is taken', zh: '各种菜单事件被正常接收' },
    why: TAKEN,
    run: player =>
      askAll(player, [
        ['event:CLICK', ['menu-key']],
        ['event:VIEW', ['https://example.com/'], { MenuId: '429496729600000001' }],
        ['event:view_miniprogram', ['pages/index']],
        ['event:scancode_waitmsg', ['scan'], {}, SCAN],
        ['event:scancode_push', ['scan'], {}, SCAN],
        ['event:pic_weixin', ['photo'], {}, PICTURES],
        ['event:location_select', ['place'], {}, PLACE],
      ]),
  },
  {
    name: 'event-location',
    severity: 'must',
    title: { en: 'a reported location is taken', zh: '上报地理位置事件被正常接收' },
    why: TAKEN,
    run: player =>
      askAll(player, [['event:LOCATION', [], { Latitude: '24.479834', Longitude: '118.089425', Precision: '42.5' }]]),
  },
  {
    name: 'event-job',
    severity: 'must',
    title: { en: 'results of jobs are taken', zh: '群发、模板消息、发布的结果事件被正常接收' },
    why: TAKEN,
    run: player =>
      askAll(player, [
        ['event:TEMPLATESENDJOBFINISH', [], { MsgID: '3098765432109876543', Status: 'failed:user block' }],
        ['event:MASSSENDJOBFINISH', [], { MsgID: '1000004321', Status: 'send success' }, MASS],
        ['event:PUBLISHJOBFINISH', [], {}, PUBLISHED],
      ]),
  },
  {
    name: 'event-account',
    severity: 'must',
    title: { en: 'notices, agents, verification and cards are taken', zh: '订阅通知、客服、认证和卡券事件被正常接收' },
    why: TAKEN,
    run: player =>
      askAll(player, [
        ['event:subscribe_msg_popup_event', [], {}, POPUP],
        ['event:kf_create_session', [], { KfAccount: 'anna@harbourclub' }],
        ['event:qualification_verify_success', [], { ExpiredTime: '1893456000' }],
        ['event:user_get_card', [], { CardId: 'pExampleCard', UserCardCode: '12312312', IsGiveByFriend: '0' }],
      ]),
  },
  {
    name: 'event-unknown',
    severity: 'must',
    title: { en: 'an event that does not exist yet is taken', zh: '尚不存在的事件也被正常接收' },
    why: {
      en: 'WeChat adds events without notice, and repeats what is not answered',
      zh: '微信会悄悄增加事件，没有正常应答的会反复推送',
    },
    run: player =>
      askAll(player, [['event:hologram_shown', ['key'], {}, '<Scene><Depth>3</Depth><Depth>4</Depth></Scene>']]),
  },
]

const ELEMENT = /<(\w+)>(?:<!\[CDATA\[.*?\]\]>|[^<]*)<\/\1>|<Bare\/>/gs
const SCAN =
  '<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[seat=14C&show=3]]></ScanResult></ScanCodeInfo>'
const PICTURES =
  '<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>00112233445566778899aabbccddeeff</PicMd5Sum></item>' +
  '<item><PicMd5Sum>ffeeddccbbaa99887766554433221100</PicMd5Sum></item></PicList></SendPicsInfo>'
const PLACE =
  '<SendLocationInfo><Location_X>24.4798</Location_X><Location_Y>118.0894</Location_Y><Scale>15</Scale>' +
  '<Label><![CDATA[渡口路]]></Label><Poiname><![CDATA[]]></Poiname></SendLocationInfo>'
const MASS =
  '<TotalCount>512</TotalCount><FilterCount>500</FilterCount><SentCount>498</SentCount><ErrorCount>2</ErrorCount>' +
  '<CopyrightCheckResult>\n\n</CopyrightCheckResult>'
const PUBLISHED =
  '<PublishEventInfo><publish_id>2247490777</publish_id><publish_status>0</publish_status><article_detail><count>1</count>' +
  '<item><idx>1</idx><article_url><![CDATA[https://mp.weixin.qq.com/s/x]]></article_url></item></article_detail></PublishEventInfo>'
const POPUP =
  '<SubscribeMsgPopupEvent><List><TemplateId>one</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>' +
  '<List><TemplateId>two</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent>'

type Composed = Parameters<Player['compose']>

/** Each in turn, as from so many followers; a finding says which of them it was. */
async function askAll(player: Player, messages: readonly Composed[]): Promise<void> {
  for (const message of messages) {
    try {
      await player.ask(player.compose(...message))
    } catch (error) {
      if (!(error instanceof Finding) || messages.length === 1) throw error
      const kind = message[2]?.['MsgType'] ?? message[0]
      throw findingAbout({ en: kind, zh: kind }, error)
    }
  }
}
