// SPDX-License-Identifier: Apache-2.0
// The peer: fastify and better-sqlite3 serve the worklist and the tracking page from the product's own store,
// in the way a careful Node programmer would: prepared statements, one query per list, counts kept until the
// file changes, template literals, a regular expression that looks before it escapes.
//   node peer.mjs STORE POLICY ACCOUNT DAY   prints its address and a session
// It does less than the product: no pause arithmetic (the days used of a stage are read off the calendar), no
// preferences, no rate limits, no translation.
import fs from 'node:fs'
import crypto from 'node:crypto'
import Fastify from 'fastify'
import Database from 'better-sqlite3'

const [store, policy, account, asOf] = process.argv.slice(2)
const open = (name) => {
  const db = new Database(`${store}/${name}`, { readonly: true })
  db.pragma('cache_size = -32768') // without mmap: behind a WAL that is faster, as in the product
  return db
}
const views = open('views.db')
const journal = open('journal.db')

// ---- names and days ---------------------------------------------------------------------------
const unitName = new Map()
for (const m of fs.readFileSync(`${policy}/units.yaml`, 'utf8').matchAll(/\{code: ([a-z0-9-]+), name: ([^,}]+)/g)) unitName.set(m[1], m[2])
const itemName = new Map()
for (const m of fs.readFileSync(`${policy}/items.yaml`, 'utf8').matchAll(/\{code: ([a-z0-9-]+), name: ([^,}]+)/g)) itemName.set(m[1], m[2])
const stageName = [...fs.readFileSync(`${policy}/stages.yaml`, 'utf8').matchAll(/^ {4}name: (.+)$/gm)].map((m) => m[1])
const categoryName = new Map()
for (const m of fs.readFileSync(`${policy}/categories.yaml`, 'utf8').matchAll(/code: (\S+)\n\s+name: (.+)/g)) categoryName.set(m[1], m[2])

const DAY = 86400000
const BEIJING = 8 * 3600000
const dayNumber = (text) => Date.parse(text + 'T00:00:00Z') / DAY
const dayOf = (ms) => Math.floor((ms + BEIJING) / DAY)
const marks = new Map()
for (const line of fs.readFileSync(`${policy}/holidays.csv`, 'utf8').split('\n').slice(1)) {
  const [date, kind] = line.split(',')
  if (kind) marks.set(dayNumber(date), kind === 'workday' || (kind === 'normal' && ![5, 6].includes((dayNumber(date) + 3) % 7)))
}
const FIRST = dayNumber('2018-01-01')
const LAST = dayNumber('2030-12-31')
const upto = new Int32Array(LAST - FIRST + 1)
for (let d = FIRST, n = 0; d <= LAST; d++) {
  if (marks.has(d) ? marks.get(d) : (d + 3) % 7 < 5) n++
  upto[d - FIRST] = n
}
const workdays = (from, to) => (to > from ? upto[to - FIRST] - upto[from - FIRST] : 0)
const dayText = new Map() // a few thousand days, written once
const dayStr = (n) => {
  let s = dayText.get(n)
  if (!s) dayText.set(n, (s = new Date(n * DAY).toISOString().slice(0, 10)))
  return s
}
const dayCn = (n) => {
  const [y, m, d] = dayStr(n).split('-')
  return `${y}年${+m}月${+d}日`
}
const two = (n) => (n < 10 ? '0' + n : '' + n)
const clock = (ms) => {
  const minutes = Math.floor(((ms + BEIJING) % DAY) / 60000)
  return two(Math.floor(minutes / 60)) + ':' + two(minutes % 60)
}
const timeCn = (ms) => dayStr(dayOf(ms)) + ' ' + clock(ms)
const timeStr = (ms) => dayStr(dayOf(ms)) + 'T' + clock(ms) + ':' + two(Math.floor(ms / 1000) % 60) + '+08:00'
const today = dayNumber(asOf)

// ---- escaping ---------------------------------------------------------------------------------
const entity = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const special = /[&<>"']/
const esc = (v) => {
  const s = typeof v === 'string' ? v : String(v)
  return special.test(s) ? s.replace(/[&<>"']/g, (c) => entity[c]) : s
}

// ---- sessions ---------------------------------------------------------------------------------
const digest = (token) => crypto.createHash('sha256').update(token).digest('base64url')
const sessions = new Map()
const token = crypto.randomBytes(32).toString('base64url')
sessions.set(digest(token), { user: account, secret: crypto.randomBytes(16), seen: Date.now() })
const sqlUser = views.prepare('SELECT id, name, unit, roles, disabled FROM user WHERE id = ?')
const mask = (secret) => {
  const noise = crypto.randomBytes(16)
  const both = Buffer.allocUnsafe(32)
  noise.copy(both)
  for (let i = 0; i < 16; i++) both[16 + i] = noise[i] ^ secret[i]
  return both.toString('hex')
}
const cookieOf = (header, name) => {
  for (const one of (header ?? '').split(';')) {
    const at = one.indexOf('=')
    if (at > 0 && one.slice(0, at).trim() === name) return one.slice(at + 1).trim()
  }
  return ''
}

// ---- what surrounds a page --------------------------------------------------------------------
const site = '葫芦岛市工程建设项目审批服务'
const pref = (csrf, path, name, value, text) =>
  `<li><form action="/prefs" method="post"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="back" value="${esc(path)}"><button class="link" type="submit" name="${name}" value="${value}">${text}</button></form></li>\n`
const page = (title, path, csrf, user, nav, body) => `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(title)} - ${site}</title>
<meta name="SiteName" content="${site}">
<meta name="SiteIDCode" content="〔待填〕">
<meta name="ColumnName" content="${esc(title)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/a/icon.a6f191fd317e.svg" type="image/svg+xml">
<link rel="stylesheet" href="/a/s.d14185eb4da4.css">
</head>
<body>
<a class="skip" href="#main">跳到主要内容</a>
<header>
<div class="util"><div class="wrap"><ul>
${pref(csrf, path, 'size', 'large', '大字版')}${pref(csrf, path, 'theme', 'dark', '深色')}${pref(csrf, path, 'lang', 'en', 'English')}
<li><a href="/a11y">无障碍说明</a></li>
${user ? `<li class="who">${esc(user.name)}（${esc(unitName.get(user.unit) ?? '')}）<span class="vh">角色：审批人员</span></li>
<li><form action="/logout" method="post"><input type="hidden" name="csrf" value="${csrf}"><button class="link" type="submit">退出</button></form></li>` : '<li><a href="/login">登录</a></li>'}
<li class="call"><a href="tel:8890">拨打 8890</a></li>
</ul></div></div>
<div class="mast"><div class="wrap"><a href="/">${site}</a></div></div>
<p class="demo"><span class="wrap">演示系统：项目、人员和时间都是示例，不具有法律效力。</span></p>
</header>
<nav class="main" aria-label="主导航"><div class="wrap"><ul>
${nav}
</ul></div></nav>
<div class="wrap">
<main id="main" tabindex="-1">
${body}
</main>
</div>
<footer><div class="wrap">
<ul><li><a href="/contact">联系我们</a></li><li><a href="/sitemap">网站地图</a></li><li><a href="/error-report">我为政府网站找错</a></li><li><a href="/privacy">隐私说明</a></li><li><a href="/a11y">无障碍说明</a></li><li>政务服务便民热线 8890</li></ul>
<p>主办：葫芦岛市人民政府办公室　承办：〔待填〕　联系方式：〔待填〕</p>
<p>网站标识码：〔待填〕　ICP备案：〔待填〕　公安备案：〔待填〕　党政机关标识：〔待填〕</p>
<p>本站支持 IPv6</p>
</div></footer>
<script src="/a/a.40a9ca6e22c0.js" type="module"></script>
</body>
</html>
`
const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Content-Type': 'text/html; charset=utf-8',
}
const shapes = {
  r: '<svg aria-hidden="true" viewBox="0 0 16 16"><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor"/></svg>',
  y: '<svg aria-hidden="true" viewBox="0 0 16 16"><path d="M8 1l7.5 14H.5z" fill="currentColor"/></svg>',
  g: '<svg aria-hidden="true" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="currentColor"/></svg>',
  p: '<svg aria-hidden="true" viewBox="0 0 16 16"><path d="M3 2h3.5v12H3zm6.5 0H13v12H9.5z" fill="currentColor"/></svg>',
  d: '',
  e: '',
}
const lamp = (css, text) => `<span class="lamp lamp--${css}">${shapes[css]}${text}</span>`

// ---- the lamp of an item ----------------------------------------------------------------------
const words = { waiting: '待接单', taken: '办理中', paused: '已暂停', passed: '通过', refused: '不通过', withdrawn: '已撤回' }
const itemLamp = (i) => {
  if (i.status === 'withdrawn') return lamp('e', '已终止')
  if (!i.open) return lamp('d', '已办结')
  if (i.paused) {
    if (i.due > 0 && i.due < today) return lamp('r', i.left < 0 ? `超期 ${-i.left} 个工作日` : '已过期限')
    return lamp('p', `已暂停，剩 ${i.left} 个工作日`)
  }
  if (i.due < today) return lamp('r', i.now < 0 ? `超期 ${-i.now} 个工作日` : '已过期限')
  return lamp(i.warn <= today ? 'y' : 'g', `剩 ${i.now} 个工作日`)
}
const leftNow = (i) => (i.paused ? i.left : i.days - i.used - workdays(i.since, today))

// ---- the worklist -----------------------------------------------------------------------------
const columns = `i.project, i.stage, p.number, p.name AS project_name, i.code, i.name, i.status, i.taken, i.start, i.due, i.days,
  i.used, i.since, i.left, i.paused, i.open, i.warn FROM item i JOIN project p ON p.no = i.project WHERE i.unit = ? AND i.open = 1`
const sqlRunning = views.prepare(`SELECT ${columns} AND i.paused = 0 ORDER BY i.due, i.project, i.stage, i.code LIMIT 50`)
const sqlPaused = views.prepare(`SELECT ${columns} AND i.paused = 1 AND i.left <= ? ORDER BY i.left, i.project, i.stage, i.code LIMIT 50`)
const sqlCount = views.prepare(`SELECT count(*) AS total, sum(due < $day) AS red, sum(due >= $day AND warn <= $day) AS yellow
  FROM item WHERE unit = $unit AND open = 1 AND paused = 0`)
const sqlCountPaused = views.prepare(`SELECT count(*) AS total, sum(due > 0 AND due < $day) AS red FROM item WHERE unit = $unit AND open = 1 AND paused = 1`)
const sqlVersion = views.prepare('PRAGMA data_version').pluck()
const kept = new Map()
const counts = (unit) => {
  const version = sqlVersion.get()
  let c = kept.get(unit)
  if (c && c.version === version) return c
  const r = sqlCount.get({ unit, day: today })
  const p = sqlCountPaused.get({ unit, day: today })
  c = { version, red: (r.red ?? 0) + (p.red ?? 0), yellow: r.yellow ?? 0, grey: p.total - (p.red ?? 0), all: r.total + p.total }
  c.green = c.all - c.red - c.yellow - c.grey
  kept.set(unit, c)
  return c
}
const order = (a, b) => a.now - b.now || a.project - b.project || a.stage - b.stage || (a.code < b.code ? -1 : 1)
const worklist = (user, csrf) => {
  const running = sqlRunning.all(user.unit)
  for (const i of running) i.now = leftNow(i)
  const most = running.length === 50 ? running[49].now : 1e9
  const paused = sqlPaused.all(user.unit, most)
  for (const i of paused) i.now = i.left
  const rows = running.concat(paused).sort(order).slice(0, 50)
  const c = counts(user.unit)
  let list = ''
  for (const i of rows) {
    list += `<tr><th scope="row"><a class="open" href="/w/t/${i.project}/${i.stage}/${encodeURIComponent(i.code)}">${esc(i.project_name)}</a>　<span class="hint">${esc(i.number)}</span></th><td>${esc(i.name)}</td><td>${esc(stageName[i.stage - 1])}</td><td>${itemLamp(i)}\n</td><td>${i.paused ? '' : `<time datetime="${dayStr(i.due)}">${dayStr(i.due)}</time>`}</td><td><time datetime="${dayStr(i.start)}">${dayStr(i.start)}</time></td><td>${esc(i.taken || words[i.status])}</td></tr>`
  }
  const body = `<h1>我的待办</h1>
<section aria-labelledby="mine"><h2 id="mine">${esc(unitName.get(user.unit))}：在办（${c.all}）</h2>
<ul class="lamps"><li><a href="/w?lamp=" aria-current="true"><strong class="lamp--all">${c.all}</strong>全部在办</a></li><li><a href="/w?lamp=red"><strong class="lamp--r">${c.red}</strong>超期</a></li><li><a href="/w?lamp=yellow"><strong class="lamp--y">${c.yellow}</strong>预警</a></li><li><a href="/w?lamp=grey"><strong class="lamp--p">${c.grey}</strong>暂停</a></li><li><a href="/w?lamp=green"><strong class="lamp--g">${c.green}</strong>正常</a></li></ul>
<form action="/w" method="get" class="filter"><div class="field"><label for="wq">按项目、编号、单位筛选</label><input id="wq" name="q" type="search" value="" autocomplete="off"> <button type="submit" class="btn--2">筛选</button></div></form>
<p class="hint">按剩余天数排列。键盘：j、k 移动，回车打开。</p>
<section class="scroll" aria-labelledby="cap" tabindex="0"><table class="stick" data-keys><caption id="cap">第 1—${rows.length} 条，共 ${c.all} 条　截至 ${asOf} 17:00</caption><thead><tr><th scope="col">项目</th><th scope="col">事项</th><th scope="col">阶段</th><th scope="col" aria-sort="ascending">时限</th><th scope="col">到期日</th><th scope="col">受理</th><th scope="col">承办</th></tr></thead><tbody>
${list}
</tbody></table></section>
<nav aria-label="分页" class="pages"><ul><li><a href="/w?from=50&amp;lamp=&amp;q=&amp;stage=0">下一页</a></li></ul></nav>
</section>`
  return page('我的待办', '/w', csrf, user, '<li><a href="/w" aria-current="page">我的待办</a></li>', body)
}

// ---- the tracking page ------------------------------------------------------------------------
const stageWords = { na: '不适用', closed: '未开始', open: '可申报', submitted: '待受理', correction: '待补正', accepted: '已受理', slip: '派转单待阅批',
  running: '审批中', decided: '待出件', certified: '待送达', delivered: '已办结', refused: '不予许可', withdrawn: '已撤回' }
const sqlProject = views.prepare('SELECT no, number, name, category, county, status, stage, stage_status FROM project WHERE no = ?')
const sqlStages = views.prepare('SELECT no, attempt, status, receipt FROM stage WHERE project = ? ORDER BY no')
const sqlItems = views.prepare('SELECT stage, code, name, unit, status, open, paused, days, due, warn, used, since, left FROM item WHERE project = ? ORDER BY stage')
const sqlEvents = journal.prepare('SELECT kind, happened, recorded, unit, body FROM event WHERE stream = ? ORDER BY seq')
const hide = (name) => {
  const all = [...name]
  const show = all.length <= 4 ? 1 : all.length <= 8 ? 2 : 4
  const tail = all.length > 2 ? (all.length <= 4 ? 1 : 2) : 0
  return all.map((c, i) => (i < show || i >= all.length - tail ? c : '*')).join('')
}
const sentences = {
  'project.registered': () => '登记了项目',
  'project.withdrawn': () => '撤回了整个项目',
  'project.completed': () => '项目全部办结',
  'stage.submitted': (s) => `提交${s}申请`,
  'stage.corrected': (s) => `提交${s}补正`,
  'stage.correction-requested': (s) => `综合窗口：${s}材料需要补正，已一次性告知`,
  'stage.accepted': (s, i, b) => `综合窗口：受理${s}申请${b.deemed ? `（逾期未答复，自收到之日 ${b.day} 起视为受理）` : ''}`,
  'stage.not-accepted': (s) => `综合窗口：${s}不予受理`,
  'stage.slip-drafted': (s) => `综合窗口：填写${s}业务派转单`,
  'stage.slip-returned': (s) => `窗口负责人：退回${s}派转单`,
  'stage.dispatched': (s) => `窗口负责人：阅批${s}派转单，各部门同时开始办理`,
  'stage.certified': (s) => `综合窗口：${s}出件`,
  'stage.delivered': (s) => `综合窗口：${s}证件已送达`,
  'stage.refused': (s) => `综合窗口：${s}不予许可`,
  'stage.withdrawn': (s) => `撤回${s}申请`,
  'item.taken': (s, i) => `${i}：接单`,
  'item.paused': (s, i) => `${i}：暂停计时`,
  'item.resumed': (s, i) => `${i}：恢复计时`,
  'item.extension-asked': (s, i) => `${i}：申请延期`,
  'item.extended': (s, i) => `${i}：批准延期`,
  'item.extension-refused': (s, i) => `${i}：不批准延期`,
  'item.decided': (s, i, b) => `${i}：${b.result === 'pass' ? '通过' : '不通过'}`,
  'item.reapplied': (s, i) => `重新申报${i}`,
  'item.withdrawn': (s, i) => `撤回${i}申请`,
}
const history = (no) => {
  const events = sqlEvents.all('project/' + no)
  const about = [null, {}, {}, {}, {}]
  let lines = ''
  let limits = []
  for (const e of events) {
    const b = JSON.parse(e.body)
    if (e.kind === 'project.registered') limits = b.limits
    const s = about[b.stage] ?? {}
    if (e.kind === 'stage.submitted') about[b.stage] = {}
    else if (e.kind === 'stage.accepted') Object.assign(s, { accepted: dayNumber(b.day), limit: b.limit, deemed: b.deemed })
    else if (e.kind === 'stage.certified') Object.assign(s, { certificate: b.certificate, certificateName: b.name, end: dayOf(e.happened) })
    else if (e.kind === 'stage.delivered') s.delivered = e.happened
    const text = sentences[e.kind]
    if (!text) continue
    const unit = e.unit && e.unit !== 'window' ? unitName.get(e.unit) ?? '' : ''
    const item = b.item ? `${unit}“${itemName.get(b.item) ?? b.item}”` : ''
    const late = e.recorded - e.happened > 600000 ? `<span class="hint">（补录于 ${timeCn(e.recorded)}）</span>` : ''
    lines = `<li><time datetime="${timeStr(e.happened)}">${timeCn(e.happened)}</time>　${esc(text(b.stage ? `第${b.stage}阶段` : '', item, b))}${late}</li>` + lines
  }
  return { about, lines, limits }
}
const stageView = (p, n, row, items, a, limits) => {
  const status = row ? row.status : n === p.stage ? p.stage_status : limits[n - 1] ? 'closed' : 'na'
  const name = esc(stageName[n - 1])
  const done = status === 'delivered'
  let html = `<li${done ? ' class="done"' : ''}${n === p.stage && p.status === 'running' ? ' class="now" aria-current="step"' : ''}>
<h3>第 ${n} 阶段　${name}　<span class="tag${done ? ' tag--ok' : ''}">${stageWords[status]}</span></h3>\n`
  if (status === 'na') return html + '<p>本类别不单设此阶段，无需办理。</p></li>'
  html += `<p>时限 ${a.limit ?? limits[n - 1]} 个工作日`
  if (a.accepted) {
    const end = a.end ?? today
    let due = a.accepted
    while (workdays(a.accepted, due) < a.limit) due++
    const left = a.limit - workdays(a.accepted, end)
    html += `，已用 ${workdays(a.accepted, end)}。${done ? lamp('d', '已办结') : lamp(left < 0 ? 'r' : 'g', left < 0 ? `超期 ${-left} 个工作日` : `剩 ${left} 个工作日`)}
　到期日 <time datetime="${dayStr(due)}">${dayCn(due)}</time>`
  }
  html += '</p>\n'
  if (row && row.receipt) html += `<p>回执号 ${esc(row.receipt)}${a.accepted ? `　受理日期 ${dayCn(a.accepted)}${a.deemed ? '（视为受理）' : ''}` : ''}</p>\n`
  if (items.length) {
    html += `<div class="scroll"><table><caption class="vh">${name}：各事项</caption><thead><tr><th scope="col">事项</th><th scope="col">承办单位</th><th scope="col">状态</th><th scope="col">时限</th></tr></thead><tbody>\n`
    for (const i of items) {
      i.now = leftNow(i)
      html += `<tr><th scope="row">${esc(i.name)}</th><td>${esc(unitName.get(i.unit) ?? i.unit)}</td><td>${words[i.status]}</td><td>${itemLamp(i)}\n</td></tr>`
    }
    html += '\n</tbody></table></div>\n'
  }
  if (a.certificate) html += `<p>${esc(a.certificateName)}：${esc(a.certificate)}${a.delivered ? `　已送达 ${timeCn(a.delivered)}` : ''}</p>`
  return html + '</li>'
}
const tracking = (p, path, csrf) => {
  const stages = sqlStages.all(p.no)
  const items = sqlItems.all(p.no)
  const { about, lines, limits } = history(p.no)
  let list = ''
  for (let n = 1; n <= 4; n++)
    list += stageView(p, n, stages.find((s) => s.no === n), items.filter((i) => i.stage === n), about[n], limits)
  const status = p.status === 'completed' ? '全部办结' : p.status === 'terminated' ? '已终止' : '办理中'
  const body = `<p class="back noprint"><a href="/track">查另一件</a></p>
<h1>${esc(hide(p.name))}</h1>
<p>办件编号 ${esc(p.number)}　类别：${esc(categoryName.get(p.category) ?? p.category)}　${esc(unitName.get(p.county) ?? '')}　<span class="tag">${status}</span></p>
<p class="hint">为保护个人信息和商业秘密，名称和姓名已隐去一部分。</p>
<h2>全部进度</h2>
<ol class="track">${list}</ol>
<section aria-labelledby="tl"><h2 id="tl">全部经过</h2>
<ol class="events">${lines}</ol></section>`
  const nav = '<li><a href="/">首页</a></li>\n<li><a href="/s/time">办事服务</a></li>\n<li><a href="/track" aria-current="page">查进度</a></li>'
  return page(`办件进度 ${p.number}`, path, csrf, null, nav, body)
}

// ---- the server -------------------------------------------------------------------------------
const app = Fastify()
app.get('/w', (request, reply) => {
  const session = sessions.get(digest(cookieOf(request.headers.cookie, 'sid')))
  const user = session && sqlUser.get(session.user)
  if (!user || user.disabled || !user.roles.includes('approver')) return reply.code(303).header('Location', '/login').send()
  session.seen = Date.now()
  reply.headers(headers).send(worklist(user, mask(session.secret)))
})
app.get('/track/:number', (request, reply) => {
  const m = /^HLD-(\d{6})-[0-9A-Z]$/.exec(request.params.number)
  const p = m && sqlProject.get(+m[1])
  if (!p || p.number !== request.params.number) return reply.code(404).send('没有找到')
  const secret = crypto.randomBytes(16)
  reply.headers(headers).header('Set-Cookie', `csrf=${secret.toString('hex')}; Path=/; HttpOnly; SameSite=Lax`)
  reply.send(tracking(p, request.url, mask(secret)))
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
console.log('session ' + token)
console.log('listening ' + address)
