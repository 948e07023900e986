# SPDX-License-Identifier: Apache-2.0
# The administrator gives a token to a program and takes it back.

== a token is shown once, works at once with the roles of its account, and ends when it is taken back
as sys
GET /adm/users?q=owner6
~ /adm/users/owner6/tokens
GET /adm/users/owner6/tokens
< 200
~ 没有令牌
POST /adm/users/owner6/tokens
+ act=issue
+ name=省平台
< 200
< Cache-Control: no-store
~ 只显示这一次
? token = <code>([\w-]{43})</code>
GET /adm/users/owner6/tokens
~ 省平台
!~ {token}
GET /api/v1/my
H Cookie:
H Authorization: Bearer {token}
< 200
GET /api/v1/w
H Cookie:
H Authorization: Bearer {token}
< 403
GET /adm/users/owner6/tokens
POST /adm/users/owner6/tokens
+ act=issue
+ name=省平台
< 409
~ 已有名为“省平台”的令牌
~ value="省平台"
POST /adm/users/owner6/tokens
+ act=revoke
+ name=省平台
< 303
GET /api/v1/my
H Cookie:
H Authorization: Bearer {token}
< 401
~ 令牌无效

== a token needs a name, and an account
as sys
GET /adm/users/owner6/tokens
POST /adm/users/owner6/tokens
+ act=issue
< 422
~ 请填写“名称”
POST /adm/users/owner6/tokens
+ act=steal
< 400
GET /adm/users/nobody/tokens
< 404
POST /adm/users/nobody/tokens
+ act=issue
+ name=x
< 404

== nobody else gives tokens
as owner
GET /adm/users/owner/tokens
< 403
GET /my/new
POST /adm/users/owner/tokens
+ act=issue
+ name=x
< 403
token owner
POST /api/v1/commands/user.issue-token
J {"stream":"user/owner","args":{"name":"x","hash":"0000000000000000000000000000000000000000000000000000000000000000"}}
< 403

== a disabled account's token is worth nothing
as sys
GET /adm/users/owner7/tokens
POST /adm/users/owner7/tokens
+ act=issue
+ name=停用试验
? token = <code>([\w-]{43})</code>
GET /adm/users
POST /adm/users/owner7
+ act=disable
+ reason=停用试验
< 303
GET /api/v1/my
H Cookie:
H Authorization: Bearer {token}
< 401
GET /adm/users/owner7
POST /adm/users/owner7
+ act=enable
< 303

== accounts are found by what is known of a person, and stay found after one of them is stopped
as sys
GET /adm/users
~ 第 1 到 50 个
~ from=50&amp;q=&amp;status=">下一页
GET /adm/users?from=50
~ 第 51 到
~ >上一页
GET /adm/users?q=%E8%87%AA%E7%84%B6%E8%B5%84%E6%BA%90%E5%B1%80
~ ap-natural-resources
!~ >owner6<
GET /adm/users/owner6
POST /adm/users/owner6
+ act=disable
+ reason=停用试验
+ q=owner6
+ status=
+ from=0
< 303
< Location: /adm/users?q=owner6
GET /adm/users?q=owner6&status=on
~ 没有这样的账号
GET /adm/users?q=owner6&status=off
~ 停用试验
GET /adm/users/owner6
~ value="enable"
POST /adm/users/owner6
+ act=enable
< 303
GET /adm/users?q=%25%27
~ 没有这样的账号
