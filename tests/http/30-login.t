# SPDX-License-Identifier: Apache-2.0
# Who is it: login, throttling, sessions, tokens of forms.

== a page that needs a login leads to it and back
GET /my?x=1
< 303
< Location: /login?next=%2Fmy%3Fx%3D1
GET /login?next=%2Fmy
< 200
~ name="next" value="/my"
+ x=y

== the same as JSON
GET /my
H Accept: application/json
< 401
= error login
~ 请先登录

== a login sets a cookie that scripts cannot read
GET /login
POST /login
+ account=owner2
+ password=Yichuang-2026
< 303
< Location: /my
< Set-Cookie: sid=
< Set-Cookie: HttpOnly
< Set-Cookie: SameSite=Lax
< Set-Cookie: Path=/
GET /my
< 200
< Cache-Control: private, no-store
~ 我的项目

== a login replaces the session, a logout ends it
GET /login
POST /login
+ account=owner2
+ password=Yichuang-2026
< 303
? sid = ()
GET /my
< 200
POST /logout
< 303
< Set-Cookie: sid=; Path=/
< Clear-Site-Data: "cache"
GET /my
< 303

== nothing was typed
GET /login
POST /login
< 422
~ 请填写账号
~ 请填写密码
~ <title>错误：

== a wrong password says so, keeps the account and never the password
GET /login
POST /login
+ account=owner4
+ password=Wrong-Password-9
< 422
~ 账号或密码不对
~ value="owner4"
!~ Wrong-Password-9

== an account that does not exist is answered with the same words
GET /login
POST /login
+ account=nobody
+ password=Wrong-Password-9
< 422
~ 账号或密码不对

== an account with markup comes back escaped
GET /login
POST /login
+ account="><b>x
+ password=Wrong-Password-9
< 422
~ &quot;&gt;&lt;b&gt;x
!~ "><b>x

== after five failures the account waits, and what was typed is still there
GET /login
POST /login
+ account=owner5
+ password=Wrong-1
< 422
POST /login
+ account=owner5
+ password=Wrong-2
< 422
POST /login
+ account=owner5
+ password=Wrong-3
< 422
POST /login
+ account=owner5
+ password=Wrong-4
< 422
POST /login
+ account=owner5
+ password=Wrong-5
< 422
POST /login
+ account=owner5
+ password=Yichuang-2026
< 429
< Retry-After: 840..900
~ 登录失败次数太多，请 15 分钟后再试
~ value="owner5"
!~ Yichuang-2026"
GET /my
< 303
POST /login
H Accept: application/json
+ account=owner5
+ password=Yichuang-2026
< 429
< Retry-After: 840..900

== a form without its token
GET /login
POST /login
-csrf
+ account=owner2
+ password=Yichuang-2026
< 403
~ 页面已过期或不是本站的表单
~ 接下来
<! Location

== a form with a forged token
GET /login
POST /login
+ csrf={64*0}
+ account=owner2
+ password=Yichuang-2026
< 403

== the token of another browser
GET /login
? other = name="csrf" value="([0-9a-f]{64})"
POST /login
H Cookie: csrf=00112233445566778899aabbccddeeff
+ csrf={other}
+ account=owner2
+ password=Yichuang-2026
< 403

== a form from another site
as owner
GET /my/new
POST /my/new
H Origin: https://evil.example
+ name=x
< 403
~ 不是从本站页面发出的
POST /my/new
H Sec-Fetch-Site: cross-site
+ name=x
< 403
POST /my/new
H Origin: null
+ name=x
< 403

== a form of our own page with a stale token is offered again with all that was typed
as owner
POST /my/new
H Origin: http://{host}
+ csrf={64*1}
+ name=一个很长的项目名称
+ facts[]=甲
+ facts[]=乙
< 403
~ 您刚才填写的内容都还在
~ name="name" value="一个很长的项目名称"
~ name="facts[]" value="甲"
~ name="facts[]" value="乙"

== an expired session: the login page keeps what was typed, and the login brings it back
GET /login
POST /my/new
H Cookie: sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
+ key=expired-session-0001
+ name=登录过期时的项目名称
+ owner=示例单位
< 401
~ 登录已过期
~ 您刚才填写的内容都还在
~ name="keep.name" value="登录过期时的项目名称"
~ name="keep.key" value="expired-session-0001"
GET /login
POST /login
+ account=owner2
+ password=Yichuang-2026
+ resume=/my/new
+ keep.name=登录过期时的项目名称
+ keep.key=expired-session-0001
< 200
~ action="/my/new"
~ name="name" value="登录过期时的项目名称"
~ name="key" value="expired-session-0001"

== a session that has ended leads to the login
GET /my
H Cookie: sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
< 303
< Location: /login?next=%2Fmy

== a login that was stuffed in advance is worth nothing
GET /login
H Cookie: sid=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
POST /login
+ account=owner2
+ password=Yichuang-2026
< 303
? sid = ()
GET /my
H Cookie: sid=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
< 303

== no way out of the site after a login
GET /login
POST /login
+ account=owner2
+ password=Yichuang-2026
+ next=//evil.example/
< 303
< Location: /my

== each role sees its own pages and no others
as owner
GET /w
< 403
~ 没有办理这一项的权限
~ 接下来
GET /adm/users
< 403
GET /w/super
< 403
as wang
GET /my
< 403
GET /adm/users
< 403
GET /w/super
< 403
as zhao
GET /w
< 200
as wu
GET /w/super
< 200
GET /w
< 403
as sys
GET /adm/users
< 200
GET /w
< 403
as sec
GET /adm/users
< 403
as audit
GET /adm/users
< 403
as leader
GET /w/super
< 200
GET /adm/users
< 403

== one applicant does not see another's project
as owner
GET /my
? no = href="/my/(\d+)"
GET /my/{no}
< 200
as owner2
GET /my/{no}
< 404
~ 不是您单位的项目
GET /my/{no}/stage/1
< 404
POST /my/{no}/withdraw
+ reason=不办了
< 404

== preferences are kept in a cookie that scripts cannot read
GET /login
POST /prefs
+ size=large
+ back=/s/time
< 303
< Location: /s/time
< Set-Cookie: prefs=auto.large.zh; Path=/; HttpOnly
GET /login
~ data-size="large"
POST /prefs
+ theme="><script>
< 303
< Set-Cookie: prefs=auto.large.zh
