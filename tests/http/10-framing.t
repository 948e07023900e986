# SPDX-License-Identifier: Apache-2.0
# Messages that two programs could read in two ways. Each is refused, and the connection is closed behind it.

== two different lengths
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Content-Length: 5
> Content-Length: 6
>
> a=b&cd\
< 400
~ 请求无法识别
~ 接下来
< Connection: close
end

== two equal lengths
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: 5
> Content-Length: 5
>
> a=b&c\
< 400

== a list of lengths
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: 5, 5
>
> a=b&c\
< 400

== a length and chunks
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: 5
> Transfer-Encoding: chunked
>
> 0
>
< 400
~ 请求无法识别
end

== chunks inside gzip
raw
> POST /login HTTP/1.1
> Host: x
> Transfer-Encoding: gzip, chunked
>
> 0
>
< 400
end

== a coding that nobody knows
raw
> POST /login HTTP/1.1
> Host: x
> Transfer-Encoding: xchunked
>
> 0
>
< 400
end

== a coding with a vertical tab
raw
> POST /login HTTP/1.1
> Host: x
> Transfer-Encoding:\x0bchunked
>
> 0
>
< 400

== chunks named twice
raw
> POST /login HTTP/1.1
> Host: x
> Transfer-Encoding: chunked
> Transfer-Encoding: chunked
>
> 0
>
< 400

== chunks in HTTP/1.0
raw
> POST /login HTTP/1.0
> Host: x
> Transfer-Encoding: chunked
>
> 0
>
< 400

== a space before the colon
raw
> GET / HTTP/1.1
> Host : x
>
< 400
end

== bare line feeds
raw
> GET / HTTP/1.1\nHost: x\n\n\
< 400
end

== one bare line feed among the headers
raw
> GET / HTTP/1.1
> Host: x\nX: y
>
< 400

== a folded header
raw
> GET / HTTP/1.1
> Host: x
> X-Long: a
>  b
>
< 400
end

== a header folded with a tab
raw
> GET / HTTP/1.1
> Host: x
> X-Long: a
> \tb
>
< 400

== no Host
raw
> GET / HTTP/1.1
>
< 400
end

== no Host in HTTP/1.0 either
raw
> GET / HTTP/1.0
>
< 400

== an empty Host
raw
> GET / HTTP/1.1
> Host:
>
< 400

== two Hosts
raw
> GET / HTTP/1.1
> Host: x
> Host: x
>
< 400
end

== a Host with a path
raw
> GET / HTTP/1.1
> Host: x/y
>
< 400

== NUL in a value
raw
> GET / HTTP/1.1
> Host: x
> X: a\0b
>
< 400
end

== NUL in the target
raw
> GET /\0 HTTP/1.1
> Host: x
>
< 400

== an empty header name
raw
> GET / HTTP/1.1
> Host: x
> : y
>
< 400
end

== a header without a colon
raw
> GET / HTTP/1.1
> Host: x
> nonsense
>
< 400

== a length below zero
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: -5
>
> a=b&c\
< 400
end

== a length with a plus
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: +5
>
> a=b&c\
< 400
end

== a length beyond all numbers
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: 99999999999999999999
>
< 400

== a length in hexadecimal
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: 0x5
>
> a=b&c\
< 400

== a chunk size of 0x5
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 0x5
> a=b&c
> 0
>
< 400
end

== a chunk with an extension
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 5;name=value
> a=b&c
> 0
>
< 400

== a chunk longer than it says
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 3
> a=b&c
> 0
>
< 400

== a chunk ended by a bare line feed
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 5\na=b&c\r\n0\r\n\r\n\
< 400

== a trailer behind the chunks
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 5
> a=b&c
> 0
> X: y
>
< 400

== a chunk size beyond all numbers
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> fffffffffffffffff
< 400

== a carriage return inside the target
raw
> GET /a\rb HTTP/1.1
> Host: x
>
< 400
end

== a carriage return inside a value
raw
> GET / HTTP/1.1
> Host: x
> X: a\rb
>
< 400

== a header of 100 KB
raw
> GET / HTTP/1.1
> Host: x
> X: {102400*a}
>
< 431
~ 请求头过大
~ 接下来
end

== a target of 20 KB
raw
> GET /{20000*a} HTTP/1.1
> Host: x
>
< 431

== a thousand headers
raw
> GET / HTTP/1.1
> Host: x
> {1000*X-A: b\r\n}\
>
< 431
~ 请求头过大
end

== a hundred headers are accepted
raw
> GET /health HTTP/1.1
> Host: x
> {99*X-A: b\r\n}\
>
< 200

== two requests in a pipeline are both answered
raw
> GET /health HTTP/1.1
> Host: x
>
> GET / HTTP/1.1
> Host: x
> Connection: close
>
< 200
~ {"ok":true}
next
< 200
~ 葫芦岛市工程建设项目审批服务
end

== what follows a refused message is never read as a request
raw
> POST /login HTTP/1.1
> Host: x
> Content-Length: 5
> Transfer-Encoding: chunked
>
> 0
>
> GET /health HTTP/1.1
> Host: x
>
< 400
end

== a POST with chunks, then another request
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Transfer-Encoding: chunked
>
> 5
> a=b&c
> 1
> d
> 0
>
> GET /health HTTP/1.1
> Host: x
>
< 403
next
< 200

== a body with a GET
raw
> GET / HTTP/1.1
> Host: x
> Content-Length: 3
>
> abc\
< 400

== blank lines before the request
raw
> \r\nGET / HTTP/1.1
> Host: x
>
< 400

== HTTP/0.9, HTTP/2 and nonsense as version
raw
> GET /
>
< 400
raw
> GET / HTTP/2.0
> Host: x
>
< 505
raw
> GET / HTTX/1.1
> Host: x
>
< 400
raw
> GET / http/1.1
> Host: x
>
< 400

== two spaces in the request line
raw
> GET  / HTTP/1.1
> Host: x
>
< 400

== bytes beyond ASCII in the target
raw
> GET /\xe4\xb8\xad HTTP/1.1
> Host: x
>
< 400

== a value that is not UTF-8
raw
> GET / HTTP/1.1
> Host: x
> X: \xff\xfe
>
< 400

== an unknown expectation
raw
> POST /login HTTP/1.1
> Host: x
> Expect: miracles
> Content-Length: 0
>
< 417
~ 请求头

== 100-continue is answered before the body
raw
> POST /login HTTP/1.1
> Host: x
> Content-Type: application/x-www-form-urlencoded
> Expect: 100-continue
> Content-Length: 5
>
> a=b&c\
< 100
next
< 403

== an absolute target of another host
raw
> GET http://y/ HTTP/1.1
> Host: x
>
< 400
raw
> GET http://x/health HTTP/1.1
> Host: x
>
< 200
