import type { EndpointTable } from '../endpoint.ts'

/** By its address, or as a file of less than 2 MB. */
const source = { 'img_url?': 'string', 'img?': 'file <= 2 MB' } as const

const common = { accounts: 'verified', perDay: 100, repeatable: true } as const

const place = { 'pos?': 'json' } as const
const size = { 'img_size?': { w: 'integer', h: 'integer' } } as const

/** "Picture recognition" (OCR) and picture tools. */
export const picture = {
  idCard: {
    call: 'POST /cv/ocr/idcard?type&img_url',
    ...common,
    params: { 'type?': 'one of photo|scan', ...source },
    result: {
      type: 'string',
      'name?': 'string',
      'id?': 'string',
      'addr?': 'string',
      'gender?': 'string',
      'nationality?': 'string',
      'valid_date?': 'string',
    },
  },
  bankCard: {
    call: 'POST /cv/ocr/bankcard?img_url',
    ...common,
    params: source,
    result: { number: 'string' },
  },
  vehicleLicense: {
    call: 'POST /cv/ocr/driving?img_url',
    ...common,
    params: source,
    result: {
      'plate_num?': 'string',
      'vehicle_type?': 'string',
      'owner?': 'string',
      'addr?': 'string',
      'use_character?': 'string',
      'model?': 'string',
      'vin?': 'string',
      'engine_num?': 'string',
      'register_date?': 'string',
      'issue_date?': 'string',
    },
  },
  drivingLicense: {
    call: 'POST /cv/ocr/drivinglicense?img_url',
    ...common,
    params: source,
    result: {
      'id_num?': 'string',
      'name?': 'string',
      'sex?': 'string',
      'nationality?': 'string',
      'address?': 'string',
      'birth_date?': 'string',
      'issue_date?': 'string',
      'car_class?': 'string',
      'valid_from?': 'string',
      'valid_to?': 'string',
    },
  },
  businessLicense: {
    call: 'POST /cv/ocr/bizlicense?img_url',
    ...common,
    params: source,
    result: {
      'reg_num?': 'string',
      'serial?': 'string',
      'legal_representative?': 'string',
      'enterprise_name?': 'string',
      'address?': 'string',
      ...size,
    },
  },
  text: {
    call: 'POST /cv/ocr/comm?img_url',
    ...common,
    params: source,
    result: { items: [{ text: 'string', ...place }], ...size },
  },
  plateNumber: {
    call: 'POST /cv/ocr/platenum?img_url',
    ...common,
    params: source,
    result: { number: 'string' },
  },
  dishMenu: {
    call: 'POST /cv/ocr/menu?img_url',
    ...common,
    params: source,
    result: { 'content?': 'json' },
  },
  codes: {
    call: 'POST /cv/img/qrcode?img_url',
    ...common,
    params: source,
    result: { code_results: [{ type_name: 'string', data: 'string', ...place }], ...size },
  },
  // Gives a media_id.
  superResolution: {
    call: 'POST /cv/img/superresolution?img_url',
    ...common,
    params: source,
    result: { media_id: 'string' },
  },
  // ratios: up to five, with commas between them.
  crop: {
    call: 'POST /cv/img/aicrop?img_url&ratios',
    ...common,
    params: { ...source, 'ratios?': 'string' },
    result: {
      results: [{ crop_left: 'integer', crop_top: 'integer', crop_right: 'integer', crop_bottom: 'integer' }],
      ...size,
    },
  },
} as const satisfies EndpointTable
