const WIDTH = 480
const HEIGHT = 360

/** Evening, noon and night: colours of the sky from above, of the hills, and of what stands in the sky. */
const SCENES = /** @type {const} */ ([
  { sky: ['#2b3a67', '#e58e73', '#ffd9a0'], hills: ['#6a4a5e', '#3d2c4a'], light: '#fff1cf', at: [0.68, 0.56, 44] },
  { sky: ['#58b4e8', '#a9dcf5', '#eaf8fb'], hills: ['#5aa469', '#2f7d5b'], light: '#ffffff', at: [0.24, 0.24, 34] },
  { sky: ['#0b1230', '#1b2a5c', '#3b4d8a'], hills: ['#18224a', '#0c1330'], light: '#f4f0d8', at: [0.75, 0.26, 30] },
])

/** Pictures to send without looking for a file. */
export function samplePictures() {
  return SCENES.map(scene => {
    const canvas = document.createElement('canvas')
    canvas.width = WIDTH
    canvas.height = HEIGHT
    const pen = canvas.getContext('2d')
    if (pen) paint(pen, scene)
    return canvas
  })
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {typeof SCENES[number]} scene
 */
function paint(pen, { sky, hills, light, at }) {
  const air = pen.createLinearGradient(0, 0, 0, HEIGHT)
  for (const [index, colour] of sky.entries()) air.addColorStop(index / (sky.length - 1), colour)
  pen.fillStyle = air
  pen.fillRect(0, 0, WIDTH, HEIGHT)
  const [x, y, radius] = at
  pen.fillStyle = light
  pen.beginPath()
  pen.arc(WIDTH * x, HEIGHT * y, radius, 0, 2 * Math.PI)
  pen.fill()
  for (const [index, colour] of hills.entries()) hill(pen, colour, HEIGHT * (0.62 + index * 0.16), index * 2)
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} top
 * @param {number} phase
 */
function hill(pen, colour, top, phase) {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(0, HEIGHT)
  for (let x = 0; x <= WIDTH; x += 8) pen.lineTo(x, top + 26 * Math.sin(x / 70 + phase) + 12 * Math.sin(x / 31 + phase))
  pen.lineTo(WIDTH, HEIGHT)
  pen.fill()
}
