# SPDX-License-Identifier: Apache-2.0
# Addresses and methods.

== an address that does not exist says so and what to do
GET /nowhere
< 404
~ 没有这个页面
~ 接下来
~ 请检查网址
~ href="/"

== the same as JSON
GET /nowhere
H Accept: application/json
< 404
< Content-Type: application/json
= error not-found

== climbing out of the site
GET /../etc/passwd
< 400
GET /a/../../etc/passwd
< 400
GET /a/..
< 400
GET /a/%2e%2e/%2e%2e/etc/passwd
< 400
GET /a/..%2f..%2fetc%2fpasswd
< 400
GET /a/%252e%252e/x
< 400
GET /a/..%5c..%5cwin.ini
< 400
GET /a/%c0%ae%c0%ae/x
< 400
GET /./health
< 400

== bad escapes
GET /%
< 400
GET /%zz
< 400
GET /%00
< 400
GET /%0a
< 400
GET /%ff
< 400
GET /track?no=%
< 400
~ 百分号编码有误
GET /track?no=%ff
< 400
~ UTF-8
GET /track?no=%00
< 400

== escapes of ordinary letters are the letters
GET /%68ealth
< 200
GET /track?no=%48%4C%44-999999-X
< 422
~ 没有找到这个编号
~ value="HLD-999999-X"

== a parameter given twice
GET /track?no=1&no=2
< 400
~ 同名字段重复提交

== what was asked for is escaped
GET /track?no=%3Cscript%3Ealert(1)%3C/script%3E%22%27
< 422
~ &lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;
!~ <script>alert
GET /prefs?back=//evil.example/
< 200
!~ value="//evil
~ name="back" value="/">
GET /prefs?back=javascript:alert(1)
< 200
!~ value="javascript:
GET /login?next=https://evil.example/
< 200
!~ name="next"

== double slashes and a slash at the end are other addresses
GET //health
< 404
GET /health/
< 404

== HEAD is GET without the body
HEAD /
< 200
< Content-Type: text/html
HEAD /nowhere
< 404
HEAD /my
< 303

== a method that the address does not have
POST /track
< 405
~ 方法不支持
~ 接下来
< Allow=: GET, HEAD
< Connection: close
GET /logout
< 405
< Allow=: POST
PUT /
< 405
< Allow=: GET, HEAD
DELETE /my/1
< 405
OPTIONS *
< 405
< Allow=: GET, HEAD, POST
TRACE /
< 405

== a method nobody knows
BREW /coffee
< 501
~ 方法不支持

== assets are immutable, typed and known by their content
GET /
? css = href="(/a/s\.[0-9a-f]+\.css)"
? js = src="(/a/a\.[0-9a-f]+\.js)"
GET {css}
< 200
< Content-Type: text/css
< Cache-Control: immutable
HEAD {js}
< 200
< Content-Type: text/javascript
GET /a/s.000000000000.css
< 404
GET /a/en.mo
< 404

== assets come compressed to who can read it
GET /
? css = href="(/a/s\.[0-9a-f]+\.css)"
GET {css}
H Accept-Encoding: gzip
< 200
< Content-Encoding: gzip
~ --
GET {css}
H Accept-Encoding: gzip;q=0
< 200
<! Content-Encoding

== a public page has an ETag and is not sent twice
GET /s/time
< 200
< Cache-Control: public, max-age=60
< ETag: W/"
<! Set-Cookie
GET /
H If-None-Match: W/"0000"
< 200

== the language of a page
GET /s/time
H Cookie: prefs=auto.normal.en
< 200
~ lang="en"
GET /login
H Cookie: prefs=auto.normal.en
~ <h1>Log in</h1>
~ Skip to main content
GET /nowhere
H Cookie: prefs=auto.normal.en
< 404
~ <h1>Not found</h1>
!~ 没有
