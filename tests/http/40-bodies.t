# SPDX-License-Identifier: Apache-2.0
# Bodies that are not what a form or a program should send.

== a form that is not UTF-8
as owner
GET /my/new
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}&name=%ff%fe
< 400
~ 不是有效的 UTF-8
~ 接下来

== bytes that are not UTF-8 without escapes
as owner
GET /my/new
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}&name=\xff\xfe
< 400
~ UTF-8

== control characters and a NUL
as owner
GET /my/new
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}&name=a%00b
< 400
~ 不是有效的
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}&name=a%1bb
< 400
~ 控制字符

== a bad escape in a form
as owner
GET /my/new
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}&name=%zz
< 400
~ 百分号编码有误

== a field given twice
as owner
GET /my/new
POST /my/new
+ name=甲
+ name=乙
< 400
~ 同名字段重复提交

== more than a thousand fields
as owner
GET /my/new
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}{1001*&a[]=b}
< 400
~ 字段超过 1000 个

== a text of more than a megabyte
as owner
GET /my/new
POST /my/new
B application/x-www-form-urlencoded|csrf={csrf}&name={1100000*a}
< 413
~ 内容过大
~ 接下来

== the same without a length
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 110000
> {1114112*a}
> 0
>
< 413
~ 超过

== a type that no form has
as owner
GET /my/new
POST /my/new
B text/plain|name=x
< 415
~ 类型不支持
~ 接下来
POST /my/new
B application/json|{"name":"x"}
< 415

== a registration with gaps keeps what was typed and says what to do, field by field
as owner
GET /my/new
POST /my/new
+ code=2019-211403-47-03-01234
+ name=数控机床 <扩建> & "改造"
+ owner=示例单位
+ uscc=91211400MA1001371A
+ contact_name=钱某
+ contact_phone=12345
< 422
~ 应分五段，依次是 4、6、2、2、6 位
~ 选择项目类别
~ 校验码要正确
~ 填写手机号码
~ value="数控机床 &lt;扩建&gt; &amp; &quot;改造&quot;"
~ value="2019-211403-47-03-01234"
~ value="12345"
~ id="code-e"
~ aria-invalid="true"
~ href="#code"
!~ <扩建>

== full-width digits typed by an input method are understood
as owner
GET /my/new
POST /my/new
+ code=２０１９－２１１４０３－４７－０３－０１２３４５
+ uscc=x
< 422
!~ 填写项目代码，格式如

== an action that does not exist
as wang
GET /w
? no = href="/w/c/(\d+)/
GET /w/c/{no}/1
POST /w/c/{no}/1
+ act=explode
< 400
~ 没有“explode”这种办理动作
POST /w/c/{no}/9
+ act=accept
< 404
~ 共有四个阶段
POST /w/c/999999/1
+ act=accept
< 404

== a multipart whose end is missing
as owner
GET /my/new
POST /my/new
B multipart/form-data; boundary=b|--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n
< 400
~ 不完整

== a multipart without a boundary
as owner
GET /my/new
POST /my/new
B multipart/form-data|--b
< 415

== a multipart with another boundary
as owner
GET /my/new
POST /my/new
B multipart/form-data; boundary=c|--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n
< 400

== a part without a name
as owner
GET /my/new
POST /my/new
B multipart/form-data; boundary=b|--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n
< 400
~ 没有字段名

== a file where no file belongs
as owner
GET /my/new
POST /my/new
+ name=x
@ file=a.pdf|%PDF-1.4
< 400
~ 不接收文件

== a file before the token of the form is not stored
as owner
GET /my
? no = href="/my/(\d+)"
POST /my/{no}/stage/1
B multipart/form-data; boundary=b|--b\r\nContent-Disposition: form-data; name="m_x"; filename="a.pdf"\r\n\r\n%PDF-1.4\r\n--b--\r\n
< 403
~ 页面已过期
