# SPDX-License-Identifier: Apache-2.0
# Programs: tokens, JSON, refusals.

== without a token
POST /api/v1/commands/stage.accept
J {"stream":"project/1","args":{"stage":1}}
< 401
< WWW-Authenticate: Bearer
= error login
~ Authorization

== with a token that nobody has
GET /api/v1/my
H Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
< 401
~ 令牌无效

== a cookie does not write through the interface
as wang
POST /api/v1/commands/stage.accept
J {"stream":"project/1","args":{"stage":1}}
< 401

== a token does not open pages
GET /my
H Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
< 303

== a view
token owner
GET /api/v1/my
< 200
< Content-Type: application/json
< Cache-Control: private, no-store
~ "projects":[
!~ "csrf"

== what a token's account may not see
token owner
GET /api/v1/w
< 403
= error denied
GET /api/v1/my/999999
< 404
= error not-found

== an address and a method that the interface does not have
token owner
GET /api/v1/nothing
< 404
< Content-Type: application/json
POST /api/v1/my
J {}
< 405
< Allow=: GET, HEAD
< Content-Type: application/json
GET /api/v1/commands/stage.accept
< 405
< Allow=: POST

== a command that does not exist
token owner
POST /api/v1/commands/stage.explode
J {"stream":"project/1","args":{}}
< 404
= field name
~ openapi.json

== a body that is no JSON, or no object
token owner
POST /api/v1/commands/stage.save-draft
B application/json|{"stream":
< 400
= error malformed
POST /api/v1/commands/stage.save-draft
J []
< 400
POST /api/v1/commands/stage.save-draft
J {"stream":"a","stream":"b"}
< 400
POST /api/v1/commands/stage.save-draft
J {"stream":NaN}
< 400
POST /api/v1/commands/stage.save-draft
J {"args":{"a":1.5}}
< 400
POST /api/v1/commands/stage.save-draft
J {40*[}
< 400
POST /api/v1/commands/stage.save-draft
J {"stream":"\ud800"}
< 400
POST /api/v1/commands/stage.save-draft
B application/json|{"stream":"\xff"}
< 400

== a body of another type
token owner
POST /api/v1/commands/stage.save-draft
B text/plain|{}
< 415
POST /api/v1/commands/stage.save-draft
B application/x-www-form-urlencoded|a=b
< 415

== members and arguments that nobody knows
token owner
POST /api/v1/commands/stage.save-draft
J {"stream":"project/1","extra":1}
< 400
= field extra
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","args":{"reason":"不再办理","extra":1}}
< 422
= field extra
= error invalid

== arguments of another type, missing, too long
token owner
POST /api/v1/commands/stage.withdraw
J {"stream":"project/1","args":{"stage":"one","reason":"不再办理"}}
< 422
= field stage
POST /api/v1/commands/stage.withdraw
J {"stream":"project/1","args":{"stage":9,"reason":"不再办理"}}
< 422
= field stage
POST /api/v1/commands/stage.withdraw
J {"stream":"project/1","args":{"stage":1}}
< 422
= field reason
~ 请填写“理由”
POST /api/v1/commands/stage.withdraw
J {"stream":"project/1","args":{"stage":1,"reason":["a"]}}
< 422
POST /api/v1/commands/stage.withdraw
J {"stream":"project/1","args":{"stage":1,"reason":"{1001*长}"}}
< 422
~ 最多 1000 个字
POST /api/v1/commands/stage.withdraw
J {"stream":"project/1","args":[]}
< 400
= field args
POST /api/v1/commands/stage.withdraw
J {"args":{"stage":1,"reason":"不再办理"}}
< 422
= field stream
POST /api/v1/commands/stage.withdraw
J {"stream":7,"args":{}}
< 400
= field stream

== a stream of another kind, and one that does not exist
token owner
POST /api/v1/commands/stage.withdraw
J {"stream":"user/owner","args":{"stage":1,"reason":"不再办理"}}
< 422
POST /api/v1/commands/stage.withdraw
J {"stream":"project/999999","args":{"stage":1,"reason":"不再办理"}}
< 404
POST /api/v1/commands/stage.withdraw
J {"stream":"../../etc","args":{"stage":1,"reason":"不再办理"}}
< 422

== another applicant's project
token owner
GET /api/v1/my
? no = "no":(\d+)
token owner2
POST /api/v1/commands/project.withdraw
J {"stream":"project/{no}","args":{"reason":"不归我管也要撤"}}
< 403
~ 不是您单位的

== the time of something that has not happened yet
token owner
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","happened":"2030-01-01T00:00:00+08:00","args":{"reason":"不再办理"}}
< 422
= field happened
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","happened":"yesterday","args":{"reason":"不再办理"}}
< 422

== a key that does not fit, in the body and in the header
token owner
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","key":"short","args":{"reason":"不再办理"}}
< 422
= field key
POST /api/v1/commands/project.withdraw
H Idempotency-Key: with spaces in it
J {"stream":"project/1","args":{"reason":"不再办理"}}
< 422
= field key

== personal data that is not used, missing, wrong or somebody else's
token owner
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","personal":{"phone":"13800001234"},"args":{"reason":"不再办理"}}
< 422
= field personal
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","args":{"reason":"personal:phone"}}
< 422
= field personal
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","personal":{"phone":"12"},"args":{"reason":"personal:phone"}}
< 422
= field phone
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","personal":{"password":"Yichuang-2026"},"args":{"reason":"personal:password"}}
< 403
POST /api/v1/commands/project.withdraw
J {"stream":"project/1","args":{"reason":"v1.AAAAAAAAAAAAAAAAAAAAAA"}}
< 422
~ 存放编号由系统给出

== a file of an unknown kind, and one that is empty
token owner
POST /api/v1/blobs
B application/octet-stream|\x7fELF\x01\x02\x03\x00\x00
< 422
= field file
~ 无法识别文件类型
POST /api/v1/blobs
B application/octet-stream|
< 422
~ 空

== views with wrong numbers in the query are shown from the beginning
token wang
GET /api/v1/w/projects?from=-5
< 200
GET /api/v1/w/projects?from=99999999999999999999
< 200
GET /api/v1/w/projects?q=%25%27%22;DROP
< 200
= total 0
