// look(cells) is what a careful reader sees of the outputs of a notebook's page,
// in JupyterLab or as nbconvert exports it. It returns a list of faults, each a
// text, and a summary of how much it looked at.
//
// cells has, for each code cell in order, its name and its outputs as the notebook
// has them. What the page shows is compared with that: nothing may be lost.
async function look(cells) {
	const faults = [], seen = nothing()
	const areas = [...document.querySelectorAll('.jp-CodeCell')]
	if (areas.length !== cells.length)
		return { faults: [`the page has ${areas.length} code cells, the notebook ${cells.length}`], seen }
	for (const [n, cell] of cells.entries()) {
		const outputs = cell.outputs.map(whole)
		const shown = [...areas[n].querySelectorAll('.jp-OutputArea-output')]
		const where = `cell ${n + 1} (${cell.name})`
		const report = fault => faults.push(`${where}: ${fault}`)
		if (shown.length !== outputs.length)
			report(`${shown.length} outputs are shown, the notebook has ${outputs.length}`)
		for (const [m, element] of shown.entries()) {
			await lookAt(element, report, seen)
			if (outputs[m]) compare(element, outputs[m], report)
		}
		for (const output of outputs) forbidden(output.data ?? {}, report)
	}
	return { faults, seen }
}

// whole is an output with its texts in one piece, which nbformat can write as lists
// of their lines.
function whole(output) {
	const join = text => Array.isArray(text) ? text.join('') : text
	const data = output.data && Object.fromEntries(Object.entries(output.data).map(([type, text]) => [type, join(text)]))
	return { ...output, text: join(output.text), data }
}

// lookAtCell looks at the outputs of one code cell, of which the notebook says
// nothing yet.
async function lookAtCell(n) {
	const faults = [], seen = nothing()
	for (const output of document.querySelectorAll('.jp-CodeCell')[n].querySelectorAll('.jp-OutputArea-output'))
		await lookAt(output, fault => faults.push(fault), seen)
	return { faults, seen }
}

function nothing() {
	return { outputs: 0, texts: 0, pictures: 0, pictureTexts: 0, lowest: 21 }
}

// least is the contrast that text must have with its ground (WCAG 2, level AA).
// The lower bound that holds for large text is not used.
const least = 4.5

// smallest is the size in CSS pixels below which text is hard to read. Pictures
// may be smaller where there is little room; they can be enlarged.
const smallest = 9, smallestInPicture = 7

// lookAt looks for faults that can be seen in an output.
async function lookAt(output, report, seen) {
	seen.outputs++
	for (const details of output.querySelectorAll('details')) details.open = true
	for (const node of visibleTexts(output)) {
		seen.texts++
		const element = node.parentElement
		const quote = JSON.stringify(node.data.trim().slice(0, 40))
		const { text, ground, unknown } = colours(element)
		const ratio = contrast(text, ground)
		seen.lowest = Math.min(seen.lowest, ratio)
		if (unknown) report(`the ground of ${quote} cannot be told: ${unknown}`)
		else if (ratio < least) report(`${quote} has a contrast of ${ratio.toFixed(2)} (${hex(text)} on ${hex(ground)})`)
		const size = parseFloat(getComputedStyle(element).fontSize)
		if (size < smallest) report(`${quote} is ${size} pixels small`)
		const cut = cutOff(node)
		if (cut) report(`${quote} is cut off by ${cut}`)
	}
	for (const img of output.querySelectorAll('img')) {
		seen.pictures++
		await img.decode().catch(() => {})
		if (!img.isConnected) continue // the output has been updated
		const name = JSON.stringify((img.alt || img.src).slice(0, 40))
		if (!img.naturalWidth) { report(`the picture ${name} does not load`); continue }
		if (!img.getBoundingClientRect().width) report(`the picture ${name} has no width`)
		// The front end makes the element for image/png itself, without any words.
		if (!img.alt && !img.closest('.jp-RenderedImage')) report(`the picture ${img.src.slice(0, 40)} has no alt`)
		if (img.src.startsWith('data:image/svg+xml')) await lookAtPicture(img, name, report, seen)
	}
}

// visibleTexts are the text nodes that can be seen.
function* visibleTexts(root) {
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
	for (let node; node = walker.nextNode();) {
		if (!node.data.trim() || node.parentElement.closest('mjx-assistive-mml')) continue
		if (!node.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
		if (rectangles(node).length) yield node
	}
}

function rectangles(node) {
	const range = document.createRange()
	range.selectNodeContents(node)
	return [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0)
}

// cutOff names the element that hides a part of a text for good. One that can be
// scrolled hides nothing, except on paper.
function cutOff(node) {
	const box = boundsOf(node)
	const paper = matchMedia('print').matches
	const scrolls = overflow => !paper && /auto|scroll/.test(overflow)
	let reachX = false, reachY = false // by scrolling
	for (let e = node.parentElement; e && !e.matches('.jp-Cell'); e = e.parentElement) {
		const { overflowX, overflowY } = getComputedStyle(e)
		const frame = e.getBoundingClientRect()
		reachX ||= scrolls(overflowX)
		reachY ||= scrolls(overflowY)
		const outX = !reachX && overflowX !== 'visible' && (box.right > frame.right + 1 || box.left < frame.left - 1)
		const outY = !reachY && overflowY !== 'visible' && (box.bottom > frame.bottom + 4 || box.top < frame.top - 4)
		if (outX || outY) return `<${e.localName} class="${e.className}">`
	}
	return paper && box.right > document.documentElement.clientWidth + 1 ? 'the edge of the paper' : ''
}

// boundsOf is the box of the words of a text: spaces at the end of a line may
// stand out of it.
function boundsOf(node) {
	const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
	const range = document.createRange()
	for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
		range.setStart(node, index)
		range.setEnd(node, index + word.length)
		for (const r of range.getClientRects()) {
			box.left = Math.min(box.left, r.left)
			box.top = Math.min(box.top, r.top)
			box.right = Math.max(box.right, r.right)
			box.bottom = Math.max(box.bottom, r.bottom)
		}
	}
	return box
}

// colours are those of an element's text and of what is behind it, as they
// reach the eye: with the grounds of all elements around it, and their opacity.
function colours(element) {
	const chain = []
	for (let e = element; e; e = e.parentElement) chain.unshift(e)
	let unknown = ''
	let ground = [255, 255, 255]
	const layers = [] // what is behind each element of the chain
	for (const e of chain) {
		const style = getComputedStyle(e)
		layers.push({ behind: ground, opacity: parseFloat(style.opacity) })
		const own = colour(style.backgroundColor)
		if (own[3] === 1) unknown = ''
		if (style.backgroundImage !== 'none') unknown = `<${e.localName}> has ${style.backgroundImage.slice(0, 40)}`
		ground = blend(own, ground)
	}
	let text = blend(colour(getComputedStyle(element).color), ground)
	for (const { behind, opacity } of layers.reverse()) {
		text = blend([...text, opacity], behind)
		ground = blend([...ground, opacity], behind)
	}
	return { text, ground, unknown }
}

// colour takes apart what a computed style says: red, green, blue of 255, alpha of 1.
function colour(css) {
	const rgb = css.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/)
	if (rgb) return [+rgb[1], +rgb[2], +rgb[3], rgb[4] === undefined ? 1 : +rgb[4]]
	const pen = document.createElement('canvas').getContext('2d')
	pen.fillStyle = css
	pen.fillRect(0, 0, 1, 1)
	const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data
	return [r, g, b, a / 255]
}

function blend([r, g, b, a], under) {
	return [r, g, b].map((c, i) => a * c + (1 - a) * under[i])
}

// contrast is the ratio of WCAG 2, from 1 to 21.
function contrast(one, other) {
	const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
	return (light + 0.05) / (dark + 0.05)
}

function luminance(c) {
	const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
	return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function hex(c) {
	return '#' + c.slice(0, 3).map(v => Math.round(v).toString(16).padStart(2, '0')).join('')
}

// lookAtPicture looks for faults of the texts in an SVG picture. What is behind a
// text is known by painting the picture without its texts.
async function lookAtPicture(img, name, report, seen) {
	const source = new TextDecoder().decode(await fetch(img.src).then(r => r.arrayBuffer()))
	const host = document.body.appendChild(document.createElement('div'))
	try {
		host.style.cssText = 'all: initial; position: absolute; left: 0; top: 0; visibility: hidden'
		const root = host.attachShadow({ mode: 'closed' })
		const svg = root.appendChild(document.importNode(decoded(img.src).documentElement, true))
		svg.setAttribute('width', img.naturalWidth)
		svg.setAttribute('height', img.naturalHeight)
		const frame = svg.getBoundingClientRect()
		const scale = img.getBoundingClientRect().width / img.naturalWidth
		const paper = await paint(svg, img)
		if (!img.isConnected) return
		const boxes = [], small = []
		for (const node of pictureTexts(svg)) {
			seen.pictureTexts++
			const style = getComputedStyle(node.parentElement)
			const quote = `${JSON.stringify(node.data.trim().slice(0, 40))} in the picture ${name}`
			const rect = rectangles(node)[0]
			if (!rect) { report(`${quote} has no size`); continue }
			const box = { left: rect.left - frame.left, top: rect.top - frame.top, right: rect.right - frame.left, bottom: rect.bottom - frame.top, quote }
			if (box.left < -1 || box.top < -1 || box.right > frame.width + 1 || box.bottom > frame.height + 1)
				report(`${quote} is cut off by the picture's edge`)
			const over = boxes.find(b => overlap(b, box))
			if (over) report(`${quote} overlaps ${over.quote}`)
			boxes.push(box)
			const size = parseFloat(style.fontSize) * scale
			if (size < smallestInPicture) small.push(size)
			const ink = colour(style.fill)
			ink[3] *= parseFloat(style.fillOpacity) * opacityOf(node.parentElement)
			const ratio = worst(paper, box, ink)
			seen.lowest = Math.min(seen.lowest, ratio)
			if (!(ratio >= least)) report(`${quote} has a contrast of ${ratio.toFixed(2)} (${hex(ink)})`)
		}
		if (small.length) report(`${small.length} texts in the picture ${name} are as small as ${Math.min(...small).toFixed(1)} pixels`)
	} finally {
		host.remove()
	}
}

function pictureTexts(svg) {
	const nodes = []
	const walker = document.createTreeWalker(svg, NodeFilter.SHOW_TEXT)
	for (let node; node = walker.nextNode();)
		if (node.data.trim() && node.parentElement.closest('text') && !node.parentElement.closest('title, desc')) nodes.push(node)
	return nodes
}

function opacityOf(element) {
	let opacity = 1
	for (let e = element; e instanceof Element; e = e.parentElement) opacity *= parseFloat(getComputedStyle(e).opacity)
	return opacity
}

// overlap tells whether two texts cover each other by more than their margins.
function overlap(a, b) {
	const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
	const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
	return width > 2 && height > 0.4 * Math.min(a.bottom - a.top, b.bottom - b.top)
}

// paint returns the pixels of a picture without its texts, on the ground that its
// <img> has in the page. The rim of a text, which parts it from what it crosses,
// belongs to its ground.
async function paint(svg, img) {
	const bare = svg.cloneNode(true)
	for (const text of bare.querySelectorAll('text'))
		if (text.getAttribute('paint-order') === 'stroke') text.setAttribute('fill', 'none')
		else text.remove()
	const picture = new Image()
	picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(bare))
	await picture.decode()
	const canvas = document.createElement('canvas')
	canvas.width = img.naturalWidth
	canvas.height = img.naturalHeight
	const pen = canvas.getContext('2d', { willReadFrequently: true })
	pen.fillStyle = hex(colours(img).ground)
	pen.fillRect(0, 0, canvas.width, canvas.height)
	pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
	return pen
}

// worst is the contrast that all but a tenth of the pixels behind a text have at
// least: a line that touches the text's box does not count, a ground does.
function worst(pen, box, ink) {
	const left = Math.max(0, Math.floor(box.left)), top = Math.max(0, Math.floor(box.top))
	const width = Math.max(1, Math.ceil(box.right) - left), height = Math.max(1, Math.ceil(box.bottom) - top)
	const { data } = pen.getImageData(left, top, width, height)
	const ratios = []
	for (let i = 0; i < data.length; i += 4 * Math.max(1, Math.floor(data.length / 40000))) {
		const ground = [data[i], data[i + 1], data[i + 2]]
		ratios.push(contrast(blend(ink, ground), ground))
	}
	ratios.sort((a, b) => a - b)
	return ratios[Math.floor(ratios.length / 10)]
}

// compare reports what the page lacks of an output.
function compare(element, output, report) {
	const got = squeeze([...visibleTexts(element)].map(n => n.data).join(''))
	const data = output.data ?? {}
	if ('text/html' in data) {
		const doc = new DOMParser().parseFromString(data['text/html'], 'text/html')
		differ(squeeze(textsOf(doc.body)), got, report)
		const want = styled(doc.body), have = styled(element.querySelector(':scope > .jp-RenderedHTMLCommon') ?? element)
		const at = want.findIndex((w, i) => w !== have[i])
		if (at >= 0) report(`${want[at]} of the notebook is ${have[at] ?? 'nothing'} in the page`)
		return
	}
	if ('text/markdown' in data || 'text/latex' in data) {
		const source = data['text/markdown'] ?? data['text/latex']
		for (const word of source.replace(/\$\$[^$]*\$\$|\$[^$]*\$/g, '').replace(/\]\([^)]*\)/g, '').match(/[\p{L}\p{N}]{3,}/gu) ?? [])
			if (!got.includes(word)) report(`${JSON.stringify(word)} of the notebook is not in the page`)
		if (!got && !element.querySelector('mjx-container')) report('nothing is shown')
		return
	}
	if ('image/png' in data || 'image/jpeg' in data) {
		if (!element.querySelector('img')) report('the picture is not shown')
		return
	}
	const plain = output.text ?? data['text/plain'] ?? (output.traceback ?? []).join('\n')
	differ(squeeze(plain.replace(/\x1b\[[0-9;]*m/g, '')), got, report)
}

// squeeze removes all space, which differs between renderers.
function squeeze(s) {
	return s.replace(/[\s\u200b]+/g, '')
}

// textsOf is the text of a parsed document that was not drawn.
function textsOf(body) {
	const texts = []
	const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT)
	for (let node; node = walker.nextNode();)
		if (!node.parentElement.closest('script, style, title, template')) texts.push(node.data)
	return texts.join('')
}

// styled lists the elements that have a style, with the properties of the style.
// JupyterLab drops overflow-wrap: anywhere from a notebook that it does not trust,
// which its window does not need.
function styled(root) {
	return [...root.querySelectorAll('[style]')].map(e => {
		const properties = [...e.style].sort().filter(p => p !== 'overflow-wrap').map(p => `${p}:${e.style.getPropertyValue(p)}`)
		return `<${e.localName} style="${properties.join(';')}">`
	})
}

function differ(want, got, report) {
	if (want === got) return
	let at = 0
	while (want[at] === got[at]) at++
	report(`the notebook says ${JSON.stringify(want.slice(Math.max(0, at - 10), at + 30))} where the page shows ${JSON.stringify(got.slice(Math.max(0, at - 10), at + 30))}`)
}

// forbidden reports what must not be in an output, wherever it is opened.
function forbidden(data, report) {
	if ('application/javascript' in data) report('an output is JavaScript')
	if ('text/html' in data) forbiddenIn(new DOMParser().parseFromString(data['text/html'], 'text/html'), 'the HTML', report)
	if ('image/svg+xml' in data) forbiddenIn(new DOMParser().parseFromString(data['image/svg+xml'], 'image/svg+xml'), 'the picture', report)
	// HTML in Markdown is HTML; what else it has is harmless here.
	if ('text/markdown' in data) forbiddenIn(new DOMParser().parseFromString(data['text/markdown'], 'text/html'), 'the Markdown', report)
	if (!('text/plain' in data) && Object.keys(data).length) report(`an output has no text/plain, only ${Object.keys(data)}`)
}

function forbiddenIn(doc, what, report) {
	for (const e of doc.querySelectorAll('script, iframe, object, embed, link, meta, base, form, foreignObject, style'))
		report(`${what} has a <${e.localName}> element`)
	if (what === 'the HTML' && doc.querySelector('svg')) report(`${what} has an <svg> element, which a notebook that is not trusted loses`)
	const ids = new Set()
	for (const e of doc.querySelectorAll('*'))
		for (const { name, value } of e.attributes) {
			if (/^on/i.test(name)) report(`${what} has the event handler ${name} of <${e.localName}>`)
			if (/^\s*javascript:/i.test(value)) report(`${what} has a script in ${name} of <${e.localName}>`)
			if (!name.startsWith('xmlns') && /^\s*(https?:)?\/\/|url\(\s*['"]?\s*(https?:)?\/\//i.test(value)) report(`${what} refers to ${value.slice(0, 60)}`)
			if (name === 'id' && ids.size === ids.add(value).size) report(`${what} has the id ${value} twice`)
			if (name === 'src' && value.startsWith('data:image/svg+xml')) forbiddenIn(decoded(value), 'a picture in ' + what, report)
		}
}

// decoded is the document of a data URI.
function decoded(uri) {
	const comma = uri.indexOf(',')
	const body = uri.slice(comma + 1)
	const text = uri.slice(0, comma).endsWith(';base64')
		? new TextDecoder().decode(Uint8Array.from(atob(body), c => c.charCodeAt(0)))
		: decodeURIComponent(body)
	return new DOMParser().parseFromString(text, 'image/svg+xml')
}
